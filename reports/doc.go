// Package reports holds the product of a run, [Report], and one renderer per
// format. Every format is rendered from a Report alone, never from live objects.
//
// The JSON form, version roadworthy.report/v1, is a public interface; its schema
// is report.schema.json. Secrets are masked before anything is put into a Report.
//
// The package judges nothing and knows no contract.
package reports
