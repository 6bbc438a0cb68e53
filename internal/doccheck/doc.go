// Package doccheck holds the documents to the code: sections that the code cites
// exist in the domain guide, paths and tests that a document names exist in the
// tree, links lead somewhere, and what is listed by hand is complete. All of it
// is tests; the package has nothing to import.
package doccheck
