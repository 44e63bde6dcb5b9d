// Package widgetapi is what the widget on a company's site talks to: its page
// and script, a visit, files, and the calls over its socket.
//
// Nobody is signed in here. A visitor is whoever shows a visitor pass; the
// first visit hands one out. A pass names company, connection and visitor, so
// nothing that comes from a browser is believed about whose data is asked for.
// Before the first message nothing is stored.
//
// The page may be framed by the sites that the connection names; browsers see
// to that by its Content-Security-Policy, and a visit from elsewhere is refused.
package widgetapi
