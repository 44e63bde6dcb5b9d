package contact

// AfterChunk calls fn after each chunk that was done.
func (m *Importer) AfterChunk(fn func()) { m.afterChunk = fn }
