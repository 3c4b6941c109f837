package doctor

import "crypto/x509"

// Trust has the doctor accept certificates of the authorities only.
func (d *Doctor) Trust(authorities *x509.CertPool) { d.roots = authorities }
