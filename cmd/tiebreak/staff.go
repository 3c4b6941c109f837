package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tiebreak/internal/config"
	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

type staffAddCommand struct {
	Email string `required:"" help:"The member's e-mail address; they sign in with it."`
	Name  string `required:"" help:"The member's name, as the team sees it."`
	Role  string `required:"" help:"reader (reads), editor (+ leads and guides) or admin (+ everything else)."`
}

// Run adds a member. The password is the first line of standard input: on the command line others could see it.
func (a staffAddCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	role, err := staff.ParseRole(a.Role)
	if err != nil {
		return fault.Invalid{{Name: "role", Message: err.Error()}}
	}
	password, err := bufio.NewReader(around.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the password: %w", err)
	}
	n := staff.NewMember{Email: a.Email, Name: a.Name, Role: role, Password: strings.TrimRight(password, "\r\n")}
	if wrong := n.Check(); wrong != nil {
		return wrong
	}
	hash, err := staff.HashPassword(n.Password)
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
		return fmt.Errorf("there is a member with the address %s already", n.Email)
	}
	if err == nil {
		fmt.Fprintf(around.stdout, "Added %s (%s).\n", n.Email, n.Role)
	}
	return err
}
