package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
)

// FileVariable is the environment variable that names a file of settings.
const FileVariable = "TIEBREAK_ENV_FILE"

// ReadFile adds the settings in a file to the environment of this process, which wins. The file has a line NAME=VALUE for each,
// and comments. No path: nothing is read.
func ReadFile(path string) error {
	if path == "" {
		return nil
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("you may not read the settings in %s: run the command as the user of the site. As root, put "+
			"\"runuser -u tiebreak --\" before it. With sudo, put \"sudo -u tiebreak\" before it", path)
	}
	if err != nil {
		return fmt.Errorf("the settings cannot be read: %w", err)
	}
	var problems []error
	number, lineOf := 0, map[string]int{}
	for line := range strings.Lines(string(content)) {
		number++
		name, value, err := setting(strings.TrimSpace(line))
		if err != nil {
			problems = append(problems, fmt.Errorf("%s:%d: %w", path, number, err))
			continue
		}
		if lineOf[name] > 0 {
			problems = append(problems, fmt.Errorf("%s:%d: %s is already set in line %d: remove one of the two lines", path,
				number, name, lineOf[name]))
			continue
		}
		if name != "" {
			lineOf[name] = number
		}
		if _, set := os.LookupEnv(name); !set && value != "" {
			problems = append(problems, os.Setenv(name, value))
		}
	}
	return errors.Join(problems...)
}

// setting reads a line of a file of settings. The value stands as it is, or in quotes. A comment has neither name nor value.
func setting(line string) (name, value string, err error) {
	if line == "" || strings.HasPrefix(line, "#") {
		return "", "", nil
	}
	name, value, ok := strings.Cut(line, "=")
	if !ok || name == "" || strings.ContainsAny(name, " \t\x00") {
		return "", "", errors.New("this is not a setting: write it as NAME=VALUE, and # before a comment")
	}
	if strings.HasPrefix(name, "TIEBREAK_") && !slices.Contains(names(), name) {
		return "", "", fmt.Errorf("there is no setting %s: see \"tiebreak help settings\"", name)
	}
	value = strings.TrimSpace(value)
	if last := len(value) - 1; last > 0 && value[0] == value[last] && (value[0] == '"' || value[0] == '\'') {
		value = value[1:last]
	}
	return name, value, nil
}

// names lists the environment variables of all settings.
func names() (list []string) {
	settings := reflect.TypeFor[Config]()
	for i := range settings.NumField() {
		list = append(list, settings.Field(i).Tag.Get("env"))
	}
	return list
}
