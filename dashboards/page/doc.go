// Package page joins the rooms of pages to the site that answers them.
package page
