package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// importOption writes the option and a new version of each fact that differs from the one in force; a fact that the file
// leaves out stays as it is. Every published guide that shows a changed fact gets its new edition in the same transaction.
// That the file retires the option is left to retireOptions.
func importOption(ctx context.Context, tx pgx.Tx, o guide.Option, member int64) (Change, error) {
	change := Change{Name: "option " + o.Slug, State: Unchanged, What: "unchanged"}
	known, err := optionsBySlug(ctx, tx, []string{o.Slug})
	if err != nil {
		return change, err
	}
	isNew, before := len(known) == 0, guide.Option{}
	if !isNew {
		before = known[0]
		if change.Before, err = before.Digest(); err != nil {
			return change, err
		}
		if older, err := olderThan(o.BasedOn, before); err != nil || older && !says(before, o) {
			return outdated(change.Name, false), err
		}
	}
	if isNew || !says(before, o) {
		saved := o
		saved.Retired = before.Retired
		changed, err := saveOption(ctx, tx, saved, before.Facts, member)
		if err != nil {
			return change, err
		}
		change.State, change.Parts, change.What = Changed, changedParts(before, o), whatChanged(before, o, changed)
		if isNew {
			change.State, change.What = New, fmt.Sprintf("new, %d facts", len(o.Facts))
		}
	}
	if before.Retired && !o.Retired {
		change.note("it stays retired")
	}
	after := o
	after.Retired = o.Retired || before.Retired
	after.Facts = maps.Clone(before.Facts)
	if after.Facts == nil {
		after.Facts = map[string]guide.Fact{}
	}
	maps.Copy(after.Facts, o.Facts)
	if left := len(after.Facts) - len(o.Facts); left > 0 {
		change.note(fmt.Sprintf("%d facts that the file leaves out stay", left))
	}
	change.BasedOn, err = after.Digest()
	return change, err
}

// retireOptions retires the options whose files say so. It returns fault.Invalid if guides use them.
func retireOptions(ctx context.Context, tx pgx.Tx, in Import) error {
	var refused fault.Invalid
	for _, file := range in.Options {
		if !file.Retired {
			continue
		}
		now, err := oneOption(ctx, tx, file.Slug)
		if err != nil {
			return err
		}
		err = retireOption(ctx, tx, now, true)
		if invalid, used := errors.AsType[fault.Invalid](err); used {
			refused.Add("option "+file.Slug, invalid[0].Message)
		} else if err != nil {
			return err
		}
	}
	if len(refused) > 0 {
		return refused
	}
	return nil
}

// changedParts returns the names of the parts and the keys of the facts of an option that differ from before.
func changedParts(before, after guide.Option) []string {
	changed := changedNames(before, after)
	if after.Retired && !before.Retired {
		changed = append(changed, "retired")
	}
	for _, key := range slices.Sorted(maps.Keys(after.Facts)) {
		if was, known := before.Facts[key]; !known || !was.Same(after.Facts[key]) {
			changed = append(changed, "fact "+key)
		}
	}
	return changed
}

// whatChanged names the parts of an option that differ from before, and counts the facts that do.
func whatChanged(before, after guide.Option, facts int) string {
	changed := changedNames(before, after)
	for i := range changed {
		changed[i] += " changed"
	}
	if after.Retired && !before.Retired {
		changed = append(changed, "retired")
	}
	if facts > 0 || len(changed) == 0 {
		changed = append(changed, fmt.Sprintf("%d of %d facts changed", facts, len(after.Facts)))
	}
	return strings.Join(changed, ", ")
}

// changedNames returns which of the name, the kind and the homepage differ.
func changedNames(before, after guide.Option) (changed []string) {
	for _, part := range []struct{ name, was, is string }{
		{"name", before.Name, after.Name}, {"kind", before.Kind, after.Kind}, {"homepage", before.Homepage, after.Homepage},
	} {
		if part.was != part.is {
			changed = append(changed, part.name)
		}
	}
	return changed
}

// olderThan reports that a file was exported from another state of the option than the one in force.
func olderThan(basedOn string, now guide.Option) (bool, error) {
	digest, err := now.Digest()
	return basedOn != "" && basedOn != digest, err
}

// says reports whether everything that the file says of the option is in force already.
func says(now, file guide.Option) bool {
	for key, f := range file.Facts {
		if before, known := now.Facts[key]; !known || !before.Same(f) {
			return false
		}
	}
	return now.Name == file.Name && now.Kind == file.Kind && now.Homepage == file.Homepage && (now.Retired || !file.Retired)
}
