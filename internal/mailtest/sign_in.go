package mailtest

import (
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// User and Password are accepted where signing in is offered.
const (
	User     = "user"
	Password = "a sample password"
)

// AuthMechanisms returns how a client can sign in.
func (c *conversation) AuthMechanisms() []string { return c.box.signIn }

// Auth begins to sign in. This server knows two of the mechanisms that it may offer.
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
	c.box.signedIn.Add(1)
	return nil
}

// login is the server's part of LOGIN, which asks for the user and then for the password. The library has the client's part only.
type login struct {
	admit   func(user, password string) error
	answers []string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.answers = append(l.answers, string(response))
	}
	switch len(l.answers) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.admit(l.answers[0], l.answers[1])
}
