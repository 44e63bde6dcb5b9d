// Package filetype says what an uploaded file is, whatever it claims to be.
//
// The content decides, the name is only asked whether it lies. What a browser would draw or
// play, and what harms nobody when it does, may be shown in a page; everything else is for
// download, and what runs on the computer of whoever opens it is not taken at all. The package
// never unpacks and never decodes: it reads the first bytes and the headers of pictures, so
// that a small file cannot become a big one here.
package filetype
