// Package accountapi is the HTTP face of package account, and tells the HTTP
// side who asks: it reads the cookie that a sign-in has set.
package accountapi
