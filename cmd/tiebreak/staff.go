package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

type staffAddCommand struct {
	Email string `required:"" help:"The member's email address. They sign in with it."`
	Name  string `required:"" help:"The member's name, shown to the team."`
	Role  string `required:"" help:"reader (view), editor (also reply to leads) or admin (everything)."`
}

// Run adds a member. The password is the first line of standard input: on the command line others could see it.
func (a staffAddCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	role, err := staff.ParseRole(a.Role)
	if err != nil {
		return fault.Invalid{{Name: "role", Message: err.Error()}}
	}
	password, err := firstLine(around.stdin)
	if err != nil {
		return err
	}
	n := staff.NewMember{Email: a.Email, Name: a.Name, Role: role, Password: password}
	if wrong := n.Check(); wrong != nil {
		return wrong
	}
	hash, err := staff.HashPassword(ctx, n.Password)
	if err != nil {
		return err
	}
	db, err := openDatabase(ctx, c, "staff add", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	err = db.AddMember(ctx, n, hash)
	if errors.Is(err, fault.Conflict) {
		return fmt.Errorf("a member already has the email address %s", n.Email)
	}
	if err == nil {
		fmt.Fprintf(around.stdout, "Added %s (%s).\n", n.Email, n.Role)
	}
	return err
}

// firstLine is a password as it is typed or piped in.
func firstLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type staffListCommand struct {
	JSON bool `name:"json" help:"One JSON array."`
}

// memberLine is a member as they leave the program. Its names are an interface.
type memberLine struct {
	Email    string     `json:"email"`
	Name     string     `json:"name"`
	Role     staff.Role `json:"role"`
	State    string     `json:"state"` // active, disabled
	LastSeen *time.Time `json:"last_seen"`
}

// Run lists the members, active ones first.
func (l staffListCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "staff list", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	team, err := db.Team(ctx)
	if err != nil {
		return err
	}
	lines := make([]memberLine, len(team))
	for i, m := range team {
		lines[i] = memberLine{m.Email, m.Name, m.Role, "active", m.SeenAt}
		if m.Disabled {
			lines[i].State = "disabled"
		}
	}
	if l.JSON {
		out := json.NewEncoder(around.stdout)
		out.SetIndent("", "  ")
		return out.Encode(lines)
	}
	members, err := newTable(around.stdout, "E-MAIL", "NAME", "ROLE", "STATE", "LAST SEEN")
	if err != nil {
		return err
	}
	for _, m := range lines {
		seen := "never"
		if m.LastSeen != nil {
			seen = m.LastSeen.UTC().Format("2006-01-02 15:04 MST")
		}
		if err := members.row(m.Email, m.Name, string(m.Role), m.State, seen); err != nil {
			return err
		}
	}
	return members.flush()
}

type staffDisableCommand struct {
	Email string `required:"" help:"The member's email address."`
}

// Run keeps a member out and ends their sessions at once.
func (d staffDisableCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "staff disable", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	m, err := memberWith(ctx, db, d.Email)
	if err != nil {
		return err
	}
	err = db.Disable(ctx, postgres.CommandLine, m.ID, true)
	if errors.Is(err, staff.ErrLastAdmin) {
		return fmt.Errorf(`%s is the last active admin: first add another one with "tiebreak staff add --role admin"`, m.Email)
	}
	if err == nil {
		fmt.Fprintf(around.stdout, "%s is disabled and signed out everywhere.\n", m.Email)
	}
	return err
}

type staffResetCommand struct {
	Email string `required:"" help:"The member's email address."`
}

// Run gives a member another password, which is the first line of standard input, takes their second factors away, lets them
// in again if they were disabled and ends their sessions. Whoever may run it has the database too.
func (r staffResetCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	password, err := firstLine(around.stdin)
	if err != nil {
		return err
	}
	db, err := openDatabase(ctx, c, "staff reset", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	m, err := memberWith(ctx, db, r.Email)
	if err != nil {
		return err
	}
	if wrong := staff.CheckPassword(password, m.Name, m.Email); wrong != nil {
		return wrong
	}
	hash, err := staff.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	if err := db.ResetPassword(ctx, m.ID, hash); err != nil {
		return err
	}
	fmt.Fprintf(around.stdout, "%s has a new password and no two-step sign-in. They are signed out everywhere and can sign "+
		"in again.\n", m.Email)
	return nil
}

// memberWith returns the member with the email address, however it is written.
func memberWith(ctx context.Context, db *database, address string) (staff.Member, error) {
	team, err := db.Team(ctx)
	if err != nil {
		return staff.Member{}, err
	}
	for _, m := range team {
		if email.Key(m.Email) == email.Key(address) {
			return m.Member, nil
		}
	}
	return staff.Member{}, fmt.Errorf(`no member has the email address %s: see "tiebreak staff list"`, address)
}
