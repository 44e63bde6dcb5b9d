// Package chatdb is the SQL of chats: what sqlc generates from the *.sql files,
// and, by hand, the lists whose conditions depend on what is asked.
package chatdb
