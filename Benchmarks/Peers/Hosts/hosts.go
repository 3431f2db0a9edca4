// Host resolution in Go: the built-in map from the folded name to the tenant's record, names in one block.
// `hosts FOLDER - PASSES`
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

const apex = "emperor.gallery"

var folded [256]byte

func init() {
	for c := byte('a'); c <= 'z'; c++ {
		folded[c] = c
		folded[c-32] = c
	}
	for c := byte('0'); c <= '9'; c++ {
		folded[c] = c
	}
	folded['-'] = '-'
	folded['.'] = '.'
}

// normalise folds and checks a Host header's value; it gives the name's length, or 0 for a malformed value.
func normalise(host []byte, name *[256]byte) int {
	length, labelStart := 0, 0
	for length < len(host) && host[length] != ':' {
		if length > 253 {
			return 0
		}
		c := folded[host[length]]
		if c == 0 {
			return 0
		}
		if c == '.' {
			label := length - labelStart
			if label == 0 || label > 63 || name[length-1] == '-' {
				return 0
			}
			labelStart = length + 1
		} else if c == '-' && length == labelStart {
			return 0
		}
		name[length] = c
		length++
	}
	if length < len(host) {
		port := 0
		for _, c := range host[length+1:] {
			if c < '0' || c > '9' {
				return 0
			}
			port = port*10 + int(c-'0')
			if port > 65535 {
				return 0
			}
		}
	}
	if length == 0 {
		return 0
	}
	if name[length-1] == '.' {
		length--
		labelStart = strings.LastIndexByte(string(name[:length]), '.') + 1
	} else {
		label := length - labelStart
		if label == 0 || label > 63 || name[length-1] == '-' {
			return 0
		}
	}
	if length > 253 {
		return 0
	}
	// A last label of digits, or of 0x and hexadecimal digits, is an IPv4 address.
	last := name[labelStart:length]
	if last[0] >= '0' && last[0] <= '9' {
		digits, hexadecimal := true, len(last) > 1 && last[0] == '0' && last[1] == 'x'
		for i, c := range last {
			isDigit := c >= '0' && c <= '9'
			digits = digits && isDigit
			hexadecimal = hexadecimal && (i < 2 || isDigit || (c >= 'a' && c <= 'f'))
		}
		if digits || hexadecimal {
			return 0
		}
	}
	return length
}

const (
	tenant = iota
	platform
	reserved
	notFound
)

//go:noinline
func resolve(directory map[string]uint32, host []byte) (int, uint32) {
	var buffer [256]byte
	length := normalise(host, &buffer)
	if length == 0 {
		return notFound, 0
	}
	name := buffer[:length]
	if length >= len(apex) && string(name[length-len(apex):]) == apex {
		if length == len(apex) {
			return platform, 0
		}
		front := length - len(apex) - 1
		if name[front] == '.' {
			switch string(name[:front]) {
			case "www", "admin", "api", "app", "static", "assets", "vercel":
				return reserved, 0
			}
		}
	}
	// The compiler looks this up without making a string.
	if record, ok := directory[string(name)]; ok {
		return tenant, record
	}
	return notFound, 0
}

func read(path string) []byte {
	bytes, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return bytes
}

func allocated() uint64 {
	runtime.GC()
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func main() {
	folder := os.Args[1]
	passes, _ := strconv.Atoi(os.Args[3])
	tenants, customs := read(folder+"/tenants.bin"), read(folder+"/customs.bin")
	hosts := 0
	for _, line := range strings.Split(string(read(folder+"/meta.txt")), "\n")[:2] {
		number, _ := strconv.Atoi(strings.Fields(line)[1])
		hosts += number
	}
	// Counted now, so that the names' block can be made at its size.
	nameBytes, recordBytes := 0, 0
	for at := 0; at < len(tenants); {
		slug := int(tenants[at])
		at += 1 + slug
		size := 1 + int(tenants[at])
		size += 1 + int(tenants[at+size])
		nameBytes += slug + 1 + len(apex)
		recordBytes += size
		at += size
	}
	for at := 0; at < len(customs); at += 5 + int(customs[at]) {
		nameBytes += int(customs[at])
	}
	before := allocated()
	start := time.Now()
	// Tenants' and organisations' identifiers, each with its length before it; a value of the map is an offset.
	records := make([]byte, 0, recordBytes)
	names := make([]byte, 0, nameBytes)
	directory := make(map[string]uint32, hosts)
	offsets := make([]uint32, 0, hosts)
	insert := func(from int, record uint32) {
		name := names[from:]
		directory[*(*string)(unsafe.Pointer(&name))] = record
	}
	for at := 0; at < len(tenants); {
		slug := int(tenants[at])
		from := len(names)
		names = append(names, tenants[at+1:at+1+slug]...)
		names = append(names, '.')
		names = append(names, apex...)
		at += 1 + slug
		size := 1 + int(tenants[at])
		size += 1 + int(tenants[at+size])
		offsets = append(offsets, uint32(len(records)))
		insert(from, uint32(len(records)))
		records = append(records, tenants[at:at+size]...)
		at += size
	}
	for at := 0; at < len(customs); {
		size := int(customs[at])
		from := len(names)
		names = append(names, customs[at+1:at+1+size]...)
		insert(from, offsets[binary.LittleEndian.Uint32(customs[at+1+size:])])
		at += 5 + size
	}
	fmt.Printf("build.ms %.3f\n", float64(time.Since(start).Nanoseconds())/1e6)
	offsets = nil
	fmt.Printf("memory.bytes %.3f\n", float64(allocated()-before)/float64(hosts))
	for _, name := range []string{"zipf", "uniform"} {
		packed := read(folder + "/" + name + ".bin")
		bytes := make([]byte, 0, len(packed))
		ends := []uint32{}
		for at := 0; at < len(packed); at += 1 + int(packed[at]) {
			bytes = append(bytes, packed[at+1:at+1+int(packed[at])]...)
			ends = append(ends, uint32(len(bytes)))
		}
		counts := [4]int{}
		identifiers := uint64(0)
		from := uint32(0)
		for _, end := range ends {
			kind, record := resolve(directory, bytes[from:end])
			counts[kind]++
			if kind == tenant {
				hash := uint64(0xcbf29ce484222325)
				for _, c := range records[record+1 : record+1+uint32(records[record])] {
					hash = (hash ^ uint64(c)) * 0x100000001b3
				}
				identifiers += hash
			}
			from = end
		}
		fmt.Printf("check.%s tenants=%d,platform=%d,reserved=%d,notFound=%d,ids=%d\n",
			name, counts[0], counts[1], counts[2], counts[3], identifiers)
		best := 1e18
		for pass := 0; pass <= passes; pass++ {
			start := time.Now()
			found := 0
			from := uint32(0)
			for _, end := range ends {
				if kind, _ := resolve(directory, bytes[from:end]); kind == tenant {
					found++
				}
				from = end
			}
			runtime.KeepAlive(found)
			duration := float64(time.Since(start).Nanoseconds()) / float64(len(ends))
			if pass > 0 && duration < best {
				best = duration
			}
		}
		fmt.Printf("%s.one %.3f\n", name, best)
	}
	runtime.KeepAlive(tenants)
	runtime.KeepAlive(customs)
}
