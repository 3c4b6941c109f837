package ui

// NotSpam is the button that clears a suspect.
const NotSpam = "Not spam"
