// Reads the names of documents, one a line, and prints what gofeed makes of each:
// a list of [link, id, title, date] for its entries, or null where it is refused.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/mmcdole/gofeed"
)

func main() {
	answers := map[string][][4]interface{}{}
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		answers[names.Text()] = read(names.Text())
	}
	version := map[string]string{"gofeed": os.Args[1]}
	all := map[string]interface{}{"gofeed": answers}
	json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"versions": version, "answers": all})
}

func read(name string) [][4]interface{} {
	file, err := os.Open(name)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	feed, err := gofeed.NewParser().Parse(file)
	if err != nil {
		return nil
	}
	entries := [][4]interface{}{}
	for _, item := range feed.Items {
		moment := item.PublishedParsed
		if moment == nil {
			moment = item.UpdatedParsed
		}
		var seconds interface{}
		if moment != nil {
			seconds = moment.Unix()
		}
		entries = append(entries, [4]interface{}{item.Link, item.GUID, item.Title, seconds})
	}
	return entries
}
