package yamlform

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// YAML writes an Option, a Guide or a Site in the form that Read reads. Readers of YAML 1.1 read the same.
func YAML(v any) ([]byte, error) {
	// The node's own Encode indents by 4, and then says wrongly how deep a text begins that begins with space.
	plain, err := indented(v)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(plain, &document); err != nil {
		return nil, err
	}
	quoteOddities(&document)
	return indented(&document)
}

func indented(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	err := encoder.Close()
	return out.Bytes(), err
}

// quoteOddities puts text in quotes that begins with neither a letter nor a quote: older readers take "=", "1:30 +2" and
// their like for something other than text.
func quoteOddities(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && n.Style == 0 {
		if first, _ := utf8.DecodeRuneInString(n.Value); !unicode.IsLetter(first) {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
	for _, child := range n.Content {
		quoteOddities(child)
	}
}
