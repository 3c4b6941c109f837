package mailtest

import (
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// User and Password are let in where signing in is offered.
const (
	User     = "user"
	Password = "a sample password"
)

// AuthMechanisms says how one can sign in.
func (c *conversation) AuthMechanisms() []string { return c.box.signIn }

// Auth begins to sign in. Of the mechanisms that a server may offer, this one knows two.
func (c *conversation) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return c.admit(user, password) }), nil
	case sasl.Login:
		return &login{admit: c.admit}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (c *conversation) admit(user, password string) error {
	if user != User || password != Password {
		return smtp.ErrAuthFailed
	}
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	c.box.signedIn++
	return nil
}

// login is the server's part of LOGIN, which asks for the user and then for the password.
type login struct {
	admit func(user, password string) error
	asked []string // and what was answered
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.asked = append(l.asked, string(response))
	}
	switch len(l.asked) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.admit(l.asked[0], l.asked[1])
}
