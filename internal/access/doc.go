// Package access says who acts and what they may do.
//
// It owns the list of roles and permissions and the one table that joins
// them. It knows nothing of HTTP or of the database: an [Actor] is built by
// whoever has checked a cookie or a token, and is a plain parameter below.
//
// Roles combine: a membership may hold several, and the actor may do whatever
// any of them allows. Two switches lie outside the table: the kind of the
// company (platform and reseller pages exist only in those companies) and the
// company's wish that its operators see prices.
package access
