package acmetest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// DNS is a DNS server, over TCP, for the names that a test gives it.
type DNS struct {
	Address string

	mu    sync.Mutex
	names map[string][]netip.Addr
}

// Resolver returns a resolver that asks the DNS server at the address.
func Resolver(address string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}}
}

// Point has the name lead to the addresses. A name without any does not exist.
func (d *DNS) Point(name string, to ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var addresses []netip.Addr
	for _, address := range to {
		addresses = append(addresses, netip.MustParseAddr(address))
	}
	d.names[name+"."] = addresses
}

func startDNS(t testing.TB) *DNS {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	d := &DNS{Address: listener.Addr().String(), names: map[string][]netip.Addr{}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go d.serve(conn)
		}
	}()
	return d
}

// serve answers the questions of a connection. Each message has its length before it.
func (d *DNS) serve(conn net.Conn) {
	defer conn.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		answer, err := d.answer(question)
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func (d *DNS) answer(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	asked := m.Questions[0]
	m.Response, m.Additionals = true, nil
	d.mu.Lock()
	defer d.mu.Unlock()
	addresses := d.names[strings.ToLower(asked.Name.String())]
	if len(addresses) == 0 {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, address := range addresses {
		header := dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: dnsmessage.ClassINET}
		switch {
		case asked.Type == dnsmessage.TypeA && address.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: address.As4()}})
		case asked.Type == dnsmessage.TypeAAAA && address.Is6():
			body := &dnsmessage.AAAAResource{AAAA: address.As16()}
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: body})
		}
	}
	return m.Pack()
}
