package channel

import "strings"

// Letter is an e-mail to one recipient. ID becomes its Message-ID, so that a
// letter which goes out twice after a crash is recognised as one.
type Letter struct {
	ID       string // left side of the Message-ID
	From     string // address, or "Name <address>"
	To       string
	Subject  string
	Text     string
	HTML     string
	Language string // BCP 47, such as "ru"
	Files    []File
}

// File is attached to a letter.
type File struct {
	Name      string
	MediaType string // such as "application/pdf"
	Content   []byte
}

// Domain returns what stands behind the @ of a sender such as
// "Shop <news@shop.example>".
func Domain(from string) string {
	address := strings.TrimSuffix(from[strings.LastIndexByte(from, '<')+1:], ">")
	return address[strings.LastIndexByte(address, '@')+1:]
}
