package reports

import _ "embed"

//go:embed report.schema.json
var reportSchema []byte

// Schema gives the JSON Schema (draft 2020-12) of report.json.
func Schema() []byte { return append([]byte(nil), reportSchema...) }
