package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

type staffAddCommand struct {
	Email string `required:"" help:"The member's email address. They sign in with it."`
	Name  string `required:"" help:"The member's name, shown to the team."`
	Role  string `required:"" help:"reader (view), editor (also change leads and guides) or admin (everything)."`
}

// Run adds a member. The password is the first line of standard input: on the command line others could see it.
func (a staffAddCommand) Run(ctx context.Context, p *program) error {
	role, err := staff.ParseRole(a.Role)
	if err != nil {
		return fault.Invalid{{Name: "role", Message: err.Error()}}
	}
	password, err := readPassword()
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
	if err := p.open(ctx, "staff add"); err != nil {
		return err
	}
	err = p.db.AddMember(ctx, n, hash)
	if errors.Is(err, fault.Conflict) {
		return fmt.Errorf("a member already has the email address %s", n.Email)
	}
	if err == nil {
		fmt.Printf("Added %s (%s).\n", n.Email, n.Role)
	}
	return err
}

// readPassword returns the first line of standard input: a password, typed or piped in.
func readPassword() (string, error) {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type staffListCommand struct {
	JSON bool `name:"json" help:"One JSON array."`
}

// memberLine is a member in the JSON list. Other programs rely on its names.
type memberLine struct {
	Email    string     `json:"email"`
	Name     string     `json:"name"`
	Role     staff.Role `json:"role"`
	State    string     `json:"state"` // active, disabled
	LastSeen *time.Time `json:"last_seen"`
}

// Run lists the members, active ones first.
func (l staffListCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "staff list"); err != nil {
		return err
	}
	team, err := p.db.Team(ctx)
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
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(lines)
	}
	members := newTable(os.Stdout, "EMAIL", "NAME", "ROLE", "STATUS", "LAST SEEN")
	for _, m := range lines {
		seen := "never"
		if m.LastSeen != nil {
			seen = m.LastSeen.UTC().Format("2006-01-02 15:04 MST")
		}
		members.row(m.Email, m.Name, string(m.Role), m.State, seen)
	}
	return members.flush()
}

type staffDisableCommand struct {
	Email string `required:"" help:"The member's email address."`
}

// Run disables a member and ends their sessions at once.
func (d staffDisableCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "staff disable"); err != nil {
		return err
	}
	m, err := p.memberWith(ctx, d.Email)
	if err != nil {
		return err
	}
	err = p.db.Disable(ctx, postgres.CommandLine, m.ID, true)
	if errors.Is(err, staff.ErrLastAdmin) {
		return fmt.Errorf(`%s is the last active admin: first add another one with "tiebreak staff add --role admin"`, m.Email)
	}
	if err == nil {
		fmt.Printf("%s is disabled and signed out everywhere.\n", m.Email)
	}
	return err
}

type staffResetCommand struct {
	Email string `required:"" help:"The member's email address."`
}

// Run gives a member another password, which is the first line of standard input, removes their second factors, enables them
// if they were disabled, and ends their sessions. Anyone who can run it has access to the database anyway.
func (r staffResetCommand) Run(ctx context.Context, p *program) error {
	password, err := readPassword()
	if err != nil {
		return err
	}
	if err := p.open(ctx, "staff reset"); err != nil {
		return err
	}
	m, err := p.memberWith(ctx, r.Email)
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
	if err := p.db.ResetPassword(ctx, m.ID, hash); err != nil {
		return err
	}
	fmt.Printf("%s has a new password and no two-step sign-in. They are signed out everywhere and can sign "+
		"in again.\n", m.Email)
	return nil
}

// memberWith returns the member with the email address, however it is written.
func (p *program) memberWith(ctx context.Context, address string) (staff.Member, error) {
	team, err := p.db.Team(ctx)
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
