package casework

// DocumentMade: a document of the case was made for somebody, of this kind, in the
// form of this model, about this subject (a record, a meeting, whom a letter is
// for).
type DocumentMade struct {
	Kind    string `json:"kind"`
	Model   string `json:"model"`
	Subject string `json:"subject,omitempty"`
}

func (DocumentMade) apply(*Case, Entry) {}
