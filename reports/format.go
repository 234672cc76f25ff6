package reports

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Format is one way to write a report down.
type Format struct {
	Name string // what --format calls it
	// File is the name in the report folder; "" for a format that goes to the
	// terminal.
	File   string
	Title  string
	Render func(io.Writer, *Report) error
}

// Formats lists every format, in the order of the documentation.
func Formats() []Format {
	return []Format{
		{"json", "report.json", "the report itself, for other tools", JSON},
		{"junit", "junit.xml", "JUnit XML, for CI servers", JUnit},
		{"html", "report.html", "one page that opens offline, for people", HTML},
		{"markdown", "report.md", "a summary for pull requests and job pages", Markdown},
		{"sarif", "report.sarif", "SARIF 2.1.0, for code scanning", SARIF},
		{"github", "", "annotations of GitHub Actions, on standard output", GitHub},
	}
}

func format(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("report format %q is not known; the formats are %s", name, strings.Join(names, ", "))
}

// Write renders the report into files of the folder, which it makes if need be:
// report.json, junit.xml, report.html, report.md, report.sarif. Each file appears
// whole or not at all. Every format is tried; all errors come back together.
// A format without a file is an error.
func Write(r *Report, dir string, formats []string) error {
	var chosen []Format
	for _, name := range formats {
		f, err := format(name)
		if err != nil {
			return err
		}
		if f.File == "" {
			return fmt.Errorf("report format %s has no file: it is written to standard output", name)
		}
		chosen = append(chosen, f)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the report folder: %w", err)
	}
	var failed []error
	for _, f := range chosen {
		if err := writeFile(r, filepath.Join(dir, f.File), f); err != nil {
			failed = append(failed, fmt.Errorf("write the %s report: %w", f.Name, err))
		}
	}
	return errors.Join(failed...)
}

// writeFile writes beside the file and renames, so that a renderer that fails
// leaves the file of an earlier run alone.
func writeFile(r *Report, path string, f Format) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".roadworthy-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	if err = f.Render(temp, r); err != nil {
		temp.Close()
		return err
	}
	// CreateTemp makes files that only the owner reads; a report is for others.
	if err = temp.Chmod(0o644); err != nil {
		temp.Close()
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
