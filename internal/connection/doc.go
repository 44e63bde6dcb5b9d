// Package connection owns the configured entries to networks: for the web, a public key that
// the widget's line carries and the sites that may show the widget.
//
// A connection belongs to one company and one channel. Its public key is no secret: it names
// the connection to browsers that bring nothing else, so it is looked up before a company is
// known. Who may start a correspondence through it is decided by its state and its sites.
//
//	active ⇄ disabled
//
// What a connection is used for (which chat answers there) is not its business.
package connection
