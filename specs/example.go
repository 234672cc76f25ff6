package specs

// Example is one request and response of an operation.
type Example struct {
	Operation string `yaml:"-"`
	Name      string `yaml:"-"`
	Title     string `yaml:"title"`
	Basis     Basis  `yaml:"basis"`
	Source    string `yaml:"source"`
	Erratum   string `yaml:"erratum,omitempty"`
	Corrects  string `yaml:"corrects,omitempty"`
	Identity  string `yaml:"identity,omitempty"`

	Request  *ExampleRequest  `yaml:"request,omitempty"`
	Response *ExampleResponse `yaml:"response,omitempty"`
	Line     int              `yaml:"-"`
	Col      int              `yaml:"-"`
}

// ExampleRequest is the request half.
type ExampleRequest struct {
	File      string            `yaml:"file,omitempty"`
	MediaType string            `yaml:"media-type,omitempty"`
	Path      map[string]string `yaml:"path,omitempty"`
	Query     map[string]string `yaml:"query,omitempty"`
	Headers   map[string]string `yaml:"headers,omitempty"`
	// Valid is what the schema must say of the body; nil means true.
	Valid *bool  `yaml:"valid,omitempty"`
	Why   string `yaml:"why,omitempty"`
	Body  []byte `yaml:"-"`
	Line  int    `yaml:"-"`
	Col   int    `yaml:"-"`
}

// ExampleResponse is the response half.
type ExampleResponse struct {
	Status    int               `yaml:"status"`
	File      string            `yaml:"file,omitempty"`
	MediaType string            `yaml:"media-type,omitempty"`
	Headers   map[string]string `yaml:"headers,omitempty"`
	Valid     *bool             `yaml:"valid,omitempty"`
	Why       string            `yaml:"why,omitempty"`
	Body      []byte            `yaml:"-"`
	Line      int               `yaml:"-"`
	Col       int               `yaml:"-"`
}

// Examples lists the examples of the operation: documented ones first, then
// corrected, inferred and made-up, each sorted by name.
func (op *Operation) Examples() []*Example { return op.examples }
