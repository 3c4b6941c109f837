package mail

import "tiebreak/templates/ui"

// TestEmail shows that email of the site arrives. It goes to the person who asked for it.
func TestEmail(p ui.Page) Email {
	l := newStaffEmail(p)
	l.Subject = "Test email from " + p.Brand()
	l.Lines = []string{
		"This email arrived, so the settings for outgoing email work.",
		"If you found it in the folder for unwanted mail, check the SPF and DMARC records that the test showed.",
	}
	l.Link = ui.Link{Words: "See outgoing email", Address: p.Home + "staff/deliveries"}
	return l
}
