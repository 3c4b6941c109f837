// Package auth holds the pages of signing in and of a member’s own account: passwords, second factors, sessions and links.
// Start with SignInPage in sign_in.templ.
package auth
