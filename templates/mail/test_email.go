package mail

import "tiebreak/templates/ui"

// TestEmail shows that email of the site arrives. It goes to the person who asked for it, or into a file.
func TestEmail(p ui.Page, file bool) Email {
	l := newStaffEmail(p)
	l.Subject = "Test email from " + p.Brand()
	l.Lines = []string{
		"This email arrived, so the settings for outgoing email work.",
		"If you found it in the folder for unwanted mail, check the SPF and DMARC records that the test showed.",
	}
	if file {
		l.Lines = []string{"This is how emails look. It was written to a file and sent to nobody, because no mail server is set."}
	}
	l.Link = ui.Link{Words: "See outgoing email", Address: p.Home + "staff/deliveries"}
	return l
}
