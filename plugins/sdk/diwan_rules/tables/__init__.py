"""Decision tables: a ministry's rules as CSV or XLSX files beside a plugin.yaml, without Python."""
