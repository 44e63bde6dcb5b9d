// Package realtime pushes hints to connected browsers.
//
// A publication is a hint: it is made after the commit of the fact it speaks
// of and may be lost. Whatever must arrive is a row; a client that sees a gap
// in a dialog's sequence, or was away, reads the rows again.
//
// Who may hear what is decided here and by the application's [Accept]
// functions alone: most channels are subscribed by the server when the socket
// opens; a client may ask for a channel and [Connection.May] answers. Clients
// cannot publish.
//
// Behind the hub stands one broker seam. One node needs none: publications
// stay in memory. Nodes that share a database tell each other through its
// notifications ([Options.Cluster]); a payload too large for one travels by a
// table.
package realtime
