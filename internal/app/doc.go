// Package app puts the program together: the only package that knows all
// others. It holds plain lists (features, routes, subscriptions, loops) and no
// rules of its own.
package app
