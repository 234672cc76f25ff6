// Package reports holds the product of a run, [Report], and one renderer per
// format. Every format is rendered from a Report alone, never from live objects.
//
// The JSON form, version roadworthy.report/v1, is a public interface; its schema
// is report.schema.json. Secrets are masked before anything is put into a Report.
//
// Read report.go for the type, format.go for the list of formats and how files are
// written, read.go for what is demanded of a report from outside, group.go for how
// deviations become causes. Text from outside goes through [Visible] in every format
// for people; the look of the HTML page is in the package design.
//
// The package judges nothing and knows no contract.
package reports
