package lead

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tiebreak/internal/text"
)

var referenceForm = regexp.MustCompile(`^TB[\s-]*0*([1-9][0-9]{0,17})$`)

// ReadReference returns the reference that was typed, such as TB-0001 for "tb 1", and whether it is one.
func ReadReference(typed string) (string, bool) {
	match := referenceForm.FindStringSubmatch(strings.ToUpper(text.Numeric(typed)))
	if match == nil {
		return "", false
	}
	number, err := strconv.ParseInt(match[1], 10, 64)
	return fmt.Sprintf("TB-%04d", number), err == nil
}
