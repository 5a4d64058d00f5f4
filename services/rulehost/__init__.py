"""The door of the rule host: ministries' rules over gRPC, run by the kit in limited workers."""
