"""The system of record: registers, complaints and who complains."""
