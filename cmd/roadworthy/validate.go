package main

import (
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// maxFile bounds what validate reads; a body over the judge's own limit is
// reported as malformed, not read to the end.
const maxFile = 64 << 20

func (a *app) validateCommand() *cobra.Command {
	var response, mediaType, format string
	var strict bool
	cmd := &cobra.Command{
		Use:   "validate CONTRACT OPERATION FILE",
		Short: "Judge one request body, or with --response STATUS a response body",
		Long: `Judges one body against the contract and prints every violation: the field, what
was expected, what was found, and the place in the schema. FILE may be - for
standard input. Exit 0: valid. Exit 1: violations.`,
		Example: `  roadworthy validate otms orderRevenue request.xml
  roadworthy validate transeu getOrder answer.json --response 200 --format json`,
		Args: exactly(3, "a CONTRACT, an OPERATION and a FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			contract, err := specs.Open(args[0])
			if err != nil {
				return err
			}
			op, err := findOperation(contract, args[1])
			if err != nil {
				return err
			}
			body, err := a.readBody(args[2])
			if err != nil {
				return failWith(exitUsage, err)
			}
			media, charset, err := mediaFor(op, response, mediaType, args[2], body)
			if err != nil {
				return err
			}
			_, violations := media.Judge(body, charset)
			if strict {
				for i := range violations {
					violations[i].Soft = false
				}
			}
			return a.printJudgement(format, op, media, args[2], violations)
		},
	}
	cmd.Flags().StringVar(&response, "response", "", "judge a response body of this status, such as 200")
	cmd.Flags().StringVar(&mediaType, "media-type", "", "the body's Content-Type, where the operation has several")
	cmd.Flags().BoolVar(&strict, "strict", false, "unknown fields are violations too")
	addFormatFlag(cmd, &format)
	return cmd
}

func findOperation(c *specs.Contract, id string) (*specs.Operation, error) {
	if op := c.Operation(id); op != nil {
		return op, nil
	}
	var ids []string
	for _, op := range c.Operations {
		ids = append(ids, op.ID)
	}
	return nil, usageError("%s has no operation %q%s\nIts operations are %s.", c.Name, id, didYouMean(id, ids), strings.Join(ids, ", "))
}

func (a *app) readBody(file string) ([]byte, error) {
	in := a.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d MiB", file, maxFile>>20)
	}
	return body, nil
}

// mediaFor chooses what to judge by: the media type that was named, else the one
// that the file's name or first byte suggests, else the only one.
func mediaFor(op *specs.Operation, response, mediaType, file string, body []byte) (*specs.Media, string, error) {
	described, what := op.RequestBody, "request"
	if response != "" {
		status, err := strconv.Atoi(response)
		if err != nil || status < 100 || status > 599 {
			return nil, "", usageError("--response %q: expected an HTTP status such as 200", response)
		}
		r := op.Response(status)
		if r == nil {
			var have []string
			for _, r := range op.Responses {
				have = append(have, r.Status)
			}
			return nil, "", usageError("%s has no response %s; the contract describes %s", op.ID, response, strings.Join(have, ", "))
		}
		described, what = r.Body, "response "+response
	}
	if described == nil || len(described.Media) == 0 {
		return nil, "", usageError("the %s of %s has no body in the contract", what, op.ID)
	}
	if mediaType != "" {
		name, params, err := mime.ParseMediaType(mediaType)
		if err != nil {
			return nil, "", usageError("--media-type %q: %v", mediaType, err)
		}
		var have []string
		for _, m := range described.Media {
			if m.Type == name {
				return m, params["charset"], nil
			}
			have = append(have, m.Type)
		}
		return nil, "", usageError("the %s of %s has no media type %q; it has %s", what, op.ID, name, strings.Join(have, ", "))
	}
	want := payload.JSON
	if trimmed := strings.TrimLeft(string(body[:min(len(body), 64)]), " \t\r\n\ufeff"); strings.EqualFold(filepath.Ext(file), ".xml") || strings.HasPrefix(trimmed, "<") {
		want = payload.XML
	}
	for _, m := range described.Media {
		if m.Format == want {
			return m, "", nil
		}
	}
	return described.Media[0], "", nil
}

func (a *app) printJudgement(format string, op *specs.Operation, media *specs.Media, file string, violations []schema.Violation) error {
	hard := schema.Hard(violations)
	if format == "json" {
		if violations == nil {
			violations = []schema.Violation{}
		}
		err := a.printJSON(struct {
			Contract   string             `json:"contract"`
			Operation  string             `json:"operation"`
			MediaType  string             `json:"mediaType"`
			Schema     string             `json:"schema"`
			Valid      bool               `json:"valid"`
			Violations []schema.Violation `json:"violations"`
		}{op.Contract().Name, op.ID, media.Type, media.Schema, len(hard) == 0, violations})
		if err != nil {
			return err
		}
	} else {
		for _, v := range violations {
			where := file
			if v.Line > 0 {
				where += ":" + strconv.Itoa(v.Line)
				if v.Col > 0 {
					where += ":" + strconv.Itoa(v.Col)
				}
			}
			label := string(v.Kind)
			switch {
			case v.Soft:
				label = "note, " + label
			case v.Basis != "":
				label += ", " + v.Basis // no document says so, and nobody is failed for it
			}
			fmt.Fprintf(a.stdout, "%s: %s [%s]", where, v.Message(), label)
			if v.Schema != "" {
				fmt.Fprintf(a.stdout, " (%s)", v.Schema)
			}
			fmt.Fprintln(a.stdout)
		}
		if len(hard) == 0 {
			fmt.Fprintf(a.stdout, "%s: valid %s body of %s (%s)\n", file, media.Format, op.ID, media.Schema)
		} else {
			fmt.Fprintf(a.stderr, "%s: %d violation(s) of %s\n", file, len(hard), media.Schema)
		}
	}
	if len(hard) > 0 {
		return quietly(exitDeviations)
	}
	return nil
}
