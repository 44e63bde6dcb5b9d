// Package httpx is the HTTP side that all features share: who asks, what they
// may do, error documents, limits, OpenAPI.
//
// A feature's api package registers operations with [Handle] (JSON in and out,
// described in the OpenAPI document) or [API.HandleRaw] (uploads, downloads).
// Both need an [Op], which must name a permission: an operation without one
// panics at start. On a path with {company} the actor is resolved as a member
// of that company; to everyone else the company does not exist.
//
// Handlers return faults for what a client may see; every other error is
// logged and answered as "internal" with the request's id. Error documents
// are RFC 9457 problem details with a stable code.
package httpx
