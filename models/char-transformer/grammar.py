"""Our own English-like text: a seeded probabilistic grammar with agreements that span many characters.

What a model must carry to predict well: the number of the subject across a relative clause (verb form), the
person of whom a paragraph speaks (name, then pronoun), a thing named at the start of a sentence and repeated
at its end, the closing quotation mark, and sums of small numbers. Word frequencies fall off as in real text."""
import numpy as np

ALPHABET = "\n abcdefghijklmnopqrstuvwxyz.,;:?!'\"-"
CODES = {c: i for i, c in enumerate(ALPHABET)}

SHE = "anna clara edith flora greta helen irma julia lotte maria nora olga paula rosa stella vera".split()
HE = "adam bruno carl david emil felix georg hugo ivan jonas karl leo martin otto paul simon".split()
PEOPLE = ("baker farmer sailor doctor teacher painter miller soldier hunter driver clerk cook weaver smith nurse "
          "neighbour stranger traveller gardener librarian carpenter fisherman watchmaker shepherd").split()
THINGS = ("book lamp key letter bread table window boat stone basket bottle mirror clock hammer coat candle "
          "blanket ladder violin kettle wheel lantern saddle bucket needle map ring box rope flute drum pillow "
          "umbrella painting notebook suitcase bicycle telescope carpet barrel").split()
ANIMALS = "dog cat horse bird goat cow fox duck owl crow rabbit pony donkey hen swan".split()
PLACES = ("house garden river market forest harbour mill kitchen tower bridge field station church valley school "
          "cellar workshop orchard village library island mountain meadow stable").split()
TRANSITIVE = ("see carry find hold want clean lose hide bring sell buy paint need keep remember forget watch count "
              "repair open lift admire drop collect borrow break").split()
INTRANSITIVE = "sleep sing wait work laugh rest dream walk stand listen shout whistle return tremble dance".split()
SAYING = "say think know hope believe fear pretend insist".split()
ADJECTIVES = ("old small red quiet heavy bright strange green broken young empty cold warm golden dark clever tired "
              "narrow wooden lonely careful dusty gentle yellow hungry silver tall patient crooked forgotten").split()
ADVERBS = "slowly often never quietly always gladly seldom carefully soon again suddenly still secretly".split()
TIMES = ("in the morning|at night|after the storm|before dinner|every winter|on sundays|long ago|at noon|in the rain|"
         "when the bell rings|without a word|for many years|until the evening").split("|")
PREPOSITIONS = "in near behind under beside above from".split()
NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
           "seventeen eighteen").split()
IRREGULAR = {"fisherman": "fishermen", "carry": "carries", "fox": "foxes", "box": "boxes", "watch": "watches",
             "church": "churches", "library": "libraries", "valley": "valleys", "pony": "ponies", "dance": "dances"}


def _s(word):
    """Plural of a noun, third person of a verb: the same rules."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


class Writer:
    """Draws paragraphs; one instance is one stream, fixed by its seed."""

    def __init__(self, seed):
        self._rng = np.random.default_rng(seed)
        self._weights = {}

    def _pick(self, words):
        """Zipf-like: the n-th word of a list has weight 1/(n+3)."""
        n = len(words)
        if n not in self._weights:
            w = 1 / (np.arange(n) + 3.0)
            self._weights[n] = np.cumsum(w / w.sum())
        return words[min(n - 1, int(np.searchsorted(self._weights[n], self._rng.random())))]

    def _chance(self, p):
        return self._rng.random() < p

    def _noun_phrase(self, nouns, plural, depth):
        noun = self._pick(nouns)
        words = []
        if plural:
            words.append(self._pick(["the", "the", "two", "many", "these", "three", "some", "those"]))
        else:
            words.append(self._pick(["the", "a", "the", "this", "every", "that"]))
        if self._chance(.4):
            words.append(self._pick(ADJECTIVES))
            if self._chance(.15):
                words.append(self._pick(ADJECTIVES))
        if words[0] == "a" and (words + [noun])[1][0] in "aeiou":
            words[0] = "an"
        words.append(_s(noun) if plural else noun)
        phrase = " ".join(words)
        if depth > 0 and self._chance(.25):
            phrase += " " + self._relative(plural, depth - 1)
        elif self._chance(.2):
            phrase += f" {self._pick(PREPOSITIONS)} {self._plain(PLACES, self._chance(.2))}"
        return phrase, noun

    def _plain(self, nouns, plural, depth=0):
        return self._noun_phrase(nouns, plural, depth)[0]

    def _relative(self, plural, depth):
        if self._chance(.5):    # the inner noun is the object: it must not govern the main verb
            verb = self._pick(TRANSITIVE)
            return f"that {verb if plural else _s(verb)} {self._plain(THINGS, self._chance(.5), depth)}"
        inner = self._chance(.5)
        verb = self._pick(TRANSITIVE)
        return f"that {self._plain(PEOPLE, inner)} {verb if inner else _s(verb)}"

    def _predicate(self, plural, depth):
        draw = self._rng.random()
        adverb = self._pick(ADVERBS) + " " if self._chance(.25) else ""
        if draw < .5:
            verb = self._pick(TRANSITIVE)
            text = f"{adverb}{verb if plural else _s(verb)} {self._plain(THINGS, self._chance(.4), depth)}"
        elif draw < .75:
            verb = self._pick(INTRANSITIVE)
            text = f"{adverb}{verb if plural else _s(verb)}"
            if self._chance(.6):
                text += f" {self._pick(PREPOSITIONS)} {self._plain(PLACES, False)}"
        else:
            text = f"{'are' if plural else 'is'} {self._pick(ADJECTIVES)}"
            if self._chance(.4):
                text += f" and {self._pick(ADJECTIVES)}"
        if self._chance(.3):
            text += " " + self._pick(TIMES)
        return text

    def _sum(self):
        a, b = int(self._rng.integers(0, 10)), int(self._rng.integers(0, 10))
        if self._chance(.5):
            return f"{NUMBERS[a]} and {NUMBERS[b]} make {NUMBERS[a + b]}"
        return f"{NUMBERS[a + b]} less {NUMBERS[b]} is {NUMBERS[a]}"

    def _sentence(self, name, pronoun):
        draw = self._rng.random()
        if draw < .34:
            return f"{pronoun} {self._predicate(False, 1)}"
        if draw < .62:
            plural = self._chance(.5)
            nouns = PEOPLE if self._chance(.6) else ANIMALS
            return f"{self._plain(nouns, plural, 2)} {self._predicate(plural, 1)}"
        if draw < .76:
            plural = self._chance(.5)
            inner = f"{self._plain(PEOPLE, plural, 1)} {self._predicate(plural, 0)}"
            return f"\"{inner},\" {_s(self._pick(SAYING))} {name}"
        if draw < .88:         # the thing named first comes back at the end
            first, thing = self._noun_phrase(THINGS, False, 1)
            possessive = "her" if pronoun == "she" else "his"
            return f"{first} is gone, and {name} {self._predicate(False, 0)}; {pronoun} wants {possessive} {thing}"
        return f"{name} counts: {self._sum()}"

    def paragraph(self):
        """Two to five sentences about one person, ended by a line feed."""
        female = self._chance(.5)
        name, pronoun = (self._pick(SHE), "she") if female else (self._pick(HE), "he")
        sentences = [f"{name} {self._predicate(False, 1)}"]
        sentences += [self._sentence(name, pronoun) for _ in range(int(self._rng.integers(1, 5)))]
        return " ".join(s + (self._pick([".", ".", "!", "."])) for s in sentences) + "\n"


def tokens(count, seed):
    """[count] int64 indices into ALPHABET."""
    writer, parts, length = Writer(seed), [], 0
    while length < count:
        parts.append(writer.paragraph())
        length += len(parts[-1])
    return np.array([CODES[c] for c in "".join(parts)[:count]], dtype=np.int64)
