// Host resolution in Rust: std's HashMap from the folded name to the tenant's record, names in one block.
// `hosts.rs FOLDER sip|fx PASSES`: std's own hasher, or rustc's multiplicative one.
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};
use std::time::Instant;

const APEX: &[u8] = b"emperor.gallery";

#[derive(Default)]
struct Fx(u64);

impl Fx {
    #[inline(always)]
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Fx {
    #[inline(always)]
    fn write(&mut self, mut bytes: &[u8]) {
        while bytes.len() >= 8 {
            self.add(u64::from_le_bytes(bytes[..8].try_into().unwrap()));
            bytes = &bytes[8..];
        }
        if bytes.len() >= 4 {
            self.add(u32::from_le_bytes(bytes[..4].try_into().unwrap()) as u64);
            bytes = &bytes[4..];
        }
        for &byte in bytes {
            self.add(byte as u64);
        }
    }
    #[inline(always)]
    fn write_u8(&mut self, byte: u8) {
        self.add(byte as u64);
    }
    #[inline(always)]
    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }
    // Without the last rotation the table's seven tag bits would be weak.
    #[inline(always)]
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

static mut NAMES: Vec<u8> = Vec::new();

// A key: the offset of a name, with its length before it, in the block.
struct Name(u32);

impl Name {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        // Written only before the first look-up.
        unsafe {
            let start = (*std::ptr::addr_of!(NAMES)).as_ptr().add(self.0 as usize);
            std::slice::from_raw_parts(start.add(1), *start as usize)
        }
    }
}

impl Borrow<[u8]> for Name {
    fn borrow(&self) -> &[u8] {
        self.bytes()
    }
}
impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state)
    }
}
impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.bytes() == other.bytes()
    }
}
impl Eq for Name {}

const fn classes() -> [u8; 256] {
    let mut folded = [0u8; 256];
    let mut c = b'a';
    while c <= b'z' {
        folded[c as usize] = c;
        folded[c as usize - 32] = c;
        c += 1;
    }
    c = b'0';
    while c <= b'9' {
        folded[c as usize] = c;
        c += 1;
    }
    folded[b'-' as usize] = b'-';
    folded[b'.' as usize] = b'.';
    folded
}
static FOLDED: [u8; 256] = classes();

// Folds and checks a Host header's value; gives the name's length, or 0 for a malformed value.
#[inline(always)]
fn normalise(host: &[u8], name: &mut [u8; 256]) -> usize {
    let mut length = 0;
    let mut label_start = 0;
    while length < host.len() && host[length] != b':' {
        if length > 253 {
            return 0;
        }
        let c = FOLDED[host[length] as usize];
        if c == 0 {
            return 0;
        }
        if c == b'.' {
            let label = length - label_start;
            if label == 0 || label > 63 || name[length - 1] == b'-' {
                return 0;
            }
            label_start = length + 1;
        } else if c == b'-' && length == label_start {
            return 0;
        }
        name[length] = c;
        length += 1;
    }
    if length < host.len() {
        let mut port = 0u32;
        for &c in &host[length + 1..] {
            if !c.is_ascii_digit() {
                return 0;
            }
            port = port * 10 + (c - b'0') as u32;
            if port > 65535 {
                return 0;
            }
        }
    }
    if length == 0 {
        return 0;
    }
    if name[length - 1] == b'.' {
        length -= 1;
        label_start = name[..length].iter().rposition(|&c| c == b'.').map_or(0, |at| at + 1);
    } else {
        let label = length - label_start;
        if label == 0 || label > 63 || name[length - 1] == b'-' {
            return 0;
        }
    }
    if length > 253 {
        return 0;
    }
    // A last label of digits, or of 0x and hexadecimal digits, is an IPv4 address.
    let last = &name[label_start..length];
    if last[0].is_ascii_digit() {
        let hexadecimal = last.starts_with(b"0x") && last[2..].iter().all(|c| c.is_ascii_hexdigit());
        if hexadecimal || last.iter().all(|c| c.is_ascii_digit()) {
            return 0;
        }
    }
    length
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Tenant,
    Platform,
    Reserved,
    NotFound,
}

#[inline(never)]
fn resolve<S: BuildHasher>(map: &HashMap<Name, u32, S>, host: &[u8]) -> (Kind, u32) {
    let mut buffer = std::mem::MaybeUninit::<[u8; 256]>::uninit();
    // Only what normalise wrote is read.
    let name = unsafe { &mut *buffer.as_mut_ptr() };
    let length = normalise(host, name);
    if length == 0 {
        return (Kind::NotFound, 0);
    }
    let name = &name[..length];
    if name.ends_with(APEX) {
        if length == APEX.len() {
            return (Kind::Platform, 0);
        }
        let front = length - APEX.len() - 1;
        if name[front] == b'.' {
            let reserved = matches!(
                &name[..front],
                b"www" | b"admin" | b"api" | b"app" | b"static" | b"assets" | b"vercel"
            );
            if reserved {
                return (Kind::Reserved, 0);
            }
        }
    }
    match map.get(name) {
        Some(&record) => (Kind::Tenant, record),
        None => (Kind::NotFound, 0),
    }
}

extern "C" {
    fn malloc_trim(pad: usize) -> i32;
}

// The bytes of memory that the process has of its own.
fn allocated() -> usize {
    unsafe { malloc_trim(0) };
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = text.lines().find(|line| line.starts_with("Anonymous:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

fn measure<S: BuildHasher + Default>(folder: &str, passes: usize) {
    let read = |name: &str| std::fs::read(format!("{folder}/{name}")).unwrap();
    let tenants = read("tenants.bin");
    let customs = read("customs.bin");
    let meta = String::from_utf8(read("meta.txt")).unwrap();
    let hosts: usize =
        meta.lines().take(2).map(|line| line.split(' ').nth(1).unwrap().parse::<usize>().unwrap()).sum();
    let before = allocated();
    let start = Instant::now();
    let mut map: HashMap<Name, u32, S> = HashMap::with_capacity_and_hasher(hosts, S::default());
    // Tenants' and organisations' identifiers, each with its length before it; a value of the map is an offset.
    let mut records: Vec<u8> = Vec::with_capacity(tenants.len());
    {
        let names = unsafe { &mut *std::ptr::addr_of_mut!(NAMES) };
        // Room for every name at once, so that the block never moves.
        names.reserve(tenants.len() + customs.len() + hosts);
        let mut offsets: Vec<u32> = Vec::with_capacity(hosts);
        let mut at = 0;
        while at < tenants.len() {
            let slug = tenants[at] as usize;
            let offset = names.len() as u32;
            names.push((slug + 1 + APEX.len()) as u8);
            names.extend_from_slice(&tenants[at + 1..at + 1 + slug]);
            names.push(b'.');
            names.extend_from_slice(APEX);
            at += 1 + slug;
            let mut size = 1 + tenants[at] as usize;
            size += 1 + tenants[at + size] as usize;
            offsets.push(records.len() as u32);
            map.insert(Name(offset), records.len() as u32);
            records.extend_from_slice(&tenants[at..at + size]);
            at += size;
        }
        at = 0;
        while at < customs.len() {
            let size = customs[at] as usize;
            let offset = names.len() as u32;
            names.extend_from_slice(&customs[at..at + 1 + size]);
            let place = u32::from_le_bytes(customs[at + 1 + size..at + 5 + size].try_into().unwrap());
            map.insert(Name(offset), offsets[place as usize]);
            at += 5 + size;
        }
    }
    println!("build.ms {:.3}", start.elapsed().as_secs_f64() * 1e3);
    records.shrink_to_fit();
    unsafe { (*std::ptr::addr_of_mut!(NAMES)).shrink_to_fit() };
    println!("memory.bytes {:.3}", (allocated() - before) as f64 / hosts as f64);
    for name in ["zipf", "uniform"] {
        let packed = read(&format!("{name}.bin"));
        let mut bytes: Vec<u8> = Vec::new();
        let mut ends: Vec<u32> = Vec::new();
        let mut at = 0;
        while at < packed.len() {
            let size = packed[at] as usize;
            bytes.extend_from_slice(&packed[at + 1..at + 1 + size]);
            ends.push(bytes.len() as u32);
            at += 1 + size;
        }
        let mut counts = [0usize; 4];
        let mut identifiers = 0u64;
        let mut start = 0;
        for &end in &ends {
            let (kind, record) = resolve(&map, &bytes[start..end as usize]);
            counts[kind as usize] += 1;
            if kind == Kind::Tenant {
                let record = record as usize;
                let mut hash = 0xcbf2_9ce4_8422_2325u64;
                for &byte in &records[record + 1..record + 1 + records[record] as usize] {
                    hash = (hash ^ byte as u64).wrapping_mul(0x100_0000_01b3);
                }
                identifiers = identifiers.wrapping_add(hash);
            }
            start = end as usize;
        }
        println!(
            "check.{name} tenants={},platform={},reserved={},notFound={},ids={identifiers}",
            counts[0], counts[1], counts[2], counts[3]
        );
        let mut best = f64::MAX;
        for pass in 0..=passes {
            let clock = Instant::now();
            let mut found = 0usize;
            let mut start = 0;
            for &end in &ends {
                found += (resolve(&map, &bytes[start..end as usize]).0 == Kind::Tenant) as usize;
                start = end as usize;
            }
            std::hint::black_box(found);
            let time = clock.elapsed().as_secs_f64() * 1e9 / ends.len() as f64;
            if pass > 0 && time < best {
                best = time;
            }
        }
        println!("{name}.one {best:.3}");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let passes = arguments[3].parse().unwrap();
    if arguments[2] == "sip" {
        measure::<RandomState>(&arguments[1], passes);
    } else {
        measure::<BuildHasherDefault<Fx>>(&arguments[1], passes);
    }
}
