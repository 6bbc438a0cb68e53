// Package chart turns rows into options for the chart library. Options are
// data only: colours are names of style-sheet variables such as
// var(--series-1), which the page's script resolves for the theme in use, and
// texts are written by the server, so that a chart says exactly what the table
// beside it says.
package chart
