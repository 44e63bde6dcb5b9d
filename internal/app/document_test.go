package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// document is the API's own description, from which tests learn what there is
// to try.
type document struct {
	operations map[string]map[string]any // by operationId
	schemas    map[string]any
}

// field is a value of a request: "members[]" is each element of a list.
type field struct {
	path, kind, format string
}

func (f field) name() string {
	name := f.path[strings.LastIndex(f.path, ".")+1:]
	return strings.TrimSuffix(name, "[]")
}

func readDocument(t *testing.T, w *world) document {
	t.Helper()
	data, err := w.API.OpenAPI()
	require.NoError(t, err)
	var root struct {
		Paths      map[string]map[string]map[string]any `yaml:"paths"`
		Components struct {
			Schemas map[string]any `yaml:"schemas"`
		} `yaml:"components"`
	}
	require.NoError(t, yaml.Unmarshal(data, &root))
	d := document{operations: map[string]map[string]any{}, schemas: root.Components.Schemas}
	for _, methods := range root.Paths {
		for _, operation := range methods {
			d.operations[operation["operationId"].(string)] = operation
		}
	}
	return d
}

// body returns the fields of an operation's JSON body; nil without one.
func (d document) body(id string) []field {
	body, _ := d.operations[id]["requestBody"].(map[string]any)
	content, _ := body["content"].(map[string]any)
	media, ok := content["application/json"].(map[string]any)
	if !ok {
		return nil
	}
	return d.fields(media["schema"].(map[string]any), "")
}

func (d document) takesBody(id string) bool { return d.operations[id]["requestBody"] != nil }

func (d document) fields(schema map[string]any, path string) (out []field) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = d.schemas[ref[strings.LastIndex(ref, "/")+1:]].(map[string]any)
	}
	if properties, ok := schema["properties"].(map[string]any); ok {
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			out = append(out, d.fields(properties[name].(map[string]any), strings.TrimPrefix(path+"."+name, "."))...)
		}
		return out
	}
	if items, ok := schema["items"].(map[string]any); ok {
		return d.fields(items, path+"[]")
	}
	format, _ := schema["format"].(string)
	return []field{{path, kindOf(schema["type"]), format}}
}

// kindOf leaves null aside.
func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		for _, one := range v {
			if one != "null" {
				return one.(string)
			}
		}
	}
	return ""
}

// query returns an operation's parameters in the query.
func (d document) query(id string) (out []field) {
	parameters, _ := d.operations[id]["parameters"].([]any)
	for _, p := range parameters {
		p := p.(map[string]any)
		if p["in"] == "query" {
			out = append(out, d.fields(p["schema"].(map[string]any), p["name"].(string))...)
		}
	}
	return out
}
