"""Word lists, written for this project, and random values made from them.

Half of what the model must copy is invented on the spot (syllables, codes, numbers), so that copying is learned as a
skill and not as a list of words."""

import functools
import pathlib
import re

from questions import TOPICS

FOLDER = pathlib.Path(__file__).parent / "phrases"


@functools.cache
def listed(name):
    """The words of a list in `phrases/`."""
    return (FOLDER / f"{name}.txt").read_text().split()


NAMES = """Anna Ben Clara David Emma Felix Grace Henry Ida Jonas Kate Leo Maria Noah Olga Paul Quinn Rosa Sam Tina Uma
Victor Wendy Xena Yusuf Zoe Alice Bob Carol Dan Eve Frank Hugo Ivan Julia Kim Lars Mina Nina Oscar Petra Ravi Sara Tom
Vera Will Lena Max Mila Omar Priya Chen Yuki Ahmed Fatima Diego Lucia Ingrid Marek Sofia Aaron Bella Carlos Diana Elias
Freya George Hannah Isaac Jasmine Kevin Laura Martin Nora Oliver Paula Rachel Simon Teresa Ulrich Valerie Walter Yvonne
Zachary Amir Bianca Cedric Dora Ethan Fiona Gustav Helena Igor Jack Karin Liam Monica Nathan Patrick Robert Stella
Thomas Viktor Wanda Andrew Bruno Chloe Dennis Erik Gloria Hassan Irene James Katarina Louis Margaret Nikolai Peter
Rebecca Stefan Tanya Vincent William Agnes Boris Cecilia Daniel Edith Florian Greta Harald Ines Jakob Kirsten Linus
Matteo Nadia Otto Pedro Rita Silvia Theo Adam Lisa Mark Susan Brian Nancy Steven Emily Michael Sandra John Mary""".split()

CITIES = """Paris|Berlin|Tokyo|London|New York|San Francisco|Madrid|Rome|Vienna|Prague|Oslo|Lisbon|Dublin|Cairo|Delhi|
Mumbai|Beijing|Sydney|Toronto|Chicago|Boston|Seattle|Denver|Miami|Lima|Bogota|Nairobi|Athens|Warsaw|Zurich|Geneva|Hamburg|
Munich|Milan|Naples|Kyoto|Osaka|Seoul|Hanoi|Bangkok|Dallas|Austin|Brussels|Helsinki|Stockholm|Los Angeles|Mexico City|
Buenos Aires|Cape Town|Hong Kong|Amsterdam|Barcelona|Budapest|Copenhagen|Dresden|Florence|Glasgow|Istanbul|Jakarta|
Karachi|Krakow|Lyon|Manila|Melbourne|Moscow|Montreal|Nice|Porto|Quito|Riga|Salzburg|Santiago|Shanghai|Singapore|Sofia|
Tallinn|Tunis|Turin|Utrecht|Valencia|Venice|Vilnius|Washington|Wellington|Zagreb|Bristol|Leeds|Cologne|Leipzig|Houston|
Phoenix|Portland|San Diego|Las Vegas|New Orleans|Rio de Janeiro|Sao Paulo|Kuala Lumpur|Tel Aviv|Addis Ababa|Bremen|
Antwerp|Bergen|Bern|Basel|Genoa|Granada|Havana|Kiev|Lagos|Accra|Dakar|Perth|Oxford|Cambridge""".replace("\n", "").split("|")

THINGS = """apple banana bread butter milk egg coffee tea sugar salt water juice lemon orange cherry garden river mountain
forest ocean island bridge castle tower street market station window door table chair lamp mirror clock phone laptop
printer camera guitar piano violin drum song dance story poem letter ticket train plane bus car bike boat ship rocket
planet moon star sun cloud rain snow wind storm summer winter spring autumn morning evening night today tomorrow monday
friday tuesday sunday meeting project report budget invoice order plan idea draft note list task test demo data model code
python swift music movie photo picture holiday birthday party dinner lunch breakfast pizza pasta soup salad rice cheese
honey dog cat horse bird fish tiger lion bear wolf fox rabbit turtle doctor teacher student friend family brother sister
mother father world school house kitchen bathroom office room floor roof wall stone metal wood paper glass plastic gold
silver iron copper fire earth light shadow color shape line circle square number letter word sentence page book chapter
library museum theater concert festival village town city country border road path field farm tree flower leaf grass seed
root fruit potato tomato onion carrot pepper garlic chicken beef bacon cookie chocolate cake candy ice cream bottle cup
plate knife spoon fork box bag basket pocket wallet key lock chain rope wheel engine motor battery cable screen keyboard
mouse button switch server client network signal message email password account user group team leader manager worker
engineer artist writer singer actor player coach winner game score level point goal ball match race prize medal trophy
price cost money coin bank loan tax bill receipt shop store customer seller product brand label package delivery truck
journey travel hotel beach desert valley lake pond bay harbor airport gate flight seat luggage passport visa map compass
weather temperature degree pressure speed distance weight height length width depth volume energy power force heat cold
science physics chemistry biology history geography language grammar math logic theory proof formula result answer question
problem solution error warning bug fix patch version release branch commit merge review comment issue backup archive
folder file document table chart graph figure diagram summary outline agenda schedule calendar deadline reminder alarm
heart brain hand arm leg foot head face eye ear nose mouth tooth hair skin bone blood health medicine hospital nurse
patient dream sleep smile laugh voice sound noise silence peace war law court judge police crime prison freedom rule
secret mystery magic dragon wizard knight king queen prince princess ghost monster hero legend adventure treasure pirate
robot machine tool hammer nail screw drill saw brush paint canvas statue blanket pillow towel soap shirt shoe sock hat
coat glove scarf jacket dress ring watch necklace jewel diamond crystal feather wing tail claw shell nest cave cliff
volcano earthquake flood thunder lightning rainbow sunset sunrise horizon galaxy comet orbit satellite telescope""".split()

ACTIONS = """buy sell call send read write paint clean build learn visit finish start check update remember open close
bring take give find keep lose win play watch listen talk speak ask tell show help wait walk run jump swim fly drive ride
cook eat drink wash dry cut break repair move carry push pull lift drop throw catch hold touch feel think know believe
hope wish want need love like enjoy hate fear forget study teach practice train work rest sleep wake stop continue begin
end change turn grow plant water feed cover hide search travel leave arrive return meet join share invite thank cancel
confirm pay order print sign submit prepare pack clear collect compare copy count decide describe discuss draw explain""".split()

QUALITIES = """small large quick slow happy quiet bright dark warm cold fresh new old red blue green yellow purple black
white brown pink gray big little long short high low fast early late young strong weak rich poor clean dirty full empty
heavy easy hard soft sharp smooth rough sweet sour bitter hot cool dry wet deep wide narrow thin thick round flat straight
simple strange common rare famous secret public private local global modern ancient final first second third last next
important urgent useful free busy ready open closed safe dangerous kind brave clever lazy gentle calm angry proud lucky
perfect beautiful ugly funny serious crazy golden silent lonely hidden broken frozen daily weekly monthly annual total""".split()

LINKS = """the and for with from about at my our your me is are not some two three four five in on of to a it this that
after before by all every one her his their we you I please today tomorrow now then very too""".split()

WORDS = THINGS * 3 + QUALITIES + ACTIONS + listed("nouns") + listed("adjectives") + listed("verbs")
COLORS = "red blue green yellow purple black white silver gold teal pink brown gray orange violet cyan crimson ivory".split()
EXTENSIONS = "txt md json csv py swift html log yaml pdf toml cfg xml js rs c h tex docx xlsx png sh ini sql go ts".split()
DOMAINS = [".com", ".org", ".net", ".io", ".de", ".edu"]
UNITS = "USD EUR GBP JPY CHF SEK km miles kg pounds meters feet celsius fahrenheit liters gallons inches grams".split()
LANGUAGES = "French German Spanish Italian Dutch Polish Danish Swedish Greek Czech Finnish Turkish Japanese Korean".split()

VERBS = """open close start stop fetch load save paint lock unlock print scan book cancel track update delete rename share
publish approve reject archive restore measure count rotate enable disable assign move copy merge split export import check
find list show convert submit reserve ship refill dim heat cool feed charge tag rate mute pause resume invite block report
ping clone sort filter launch deploy build test clean wash fold stack mix bake brew water plant harvest schedule notify
register verify inspect repair replace install remove add set get reset toggle create""".split()

NOUNS = """door lamp ticket order invoice user account device sensor engine robot camera playlist song movie recipe package
parcel table room hotel flight seat car battery garden pump server database branch commit issue calendar event alarm timer
reminder contact photo album folder page report survey badge token channel queue job task wallet payment coupon product
shelf warehouse truck drone printer window oven fridge thermostat light speaker fan heater curtain gate elevator plant cake
coffee tank valve mirror rocket laser antenna probe crate barrel bottle profile session cache bucket node cluster""".split()

GOODS = """apples books cars eggs coins birds pens cups chairs cats toys stones tickets letters trees roses bottles cakes stamps
photos shirts dogs keys balls nails plums nuts candles cookies pencils buttons onions lamps boxes sandwiches screws marbles shoes
plates tiles potatoes pears muffins bricks""".split()
BEINGS = """people children birds cats ducks cows sheep guests students ants players sailors dogs frogs monkeys horses workers
tourists pupils bees""".split()
HOLDERS = "box bag row shelf table bus basket room page tray pack team street cage tower drawer class truck album".split()

CONSONANTS = "b c d f g h j k l m n p r s t v w x y z b d f g k l m n p r s t v br cl cr dr fl gr kr pl pr sh sk sl st tr th ch qu".split()
VOWELS = "a e i o u a e i o u a e i o u ai ea oo ou y".split()
ENDINGS = "| | | | |n|r|s|l|k|m|t|x|ng|ck|nd|p|b|d|ff|sh".replace(" ", "").split("|")


def syllables(rng, count=None):
    """An invented word such as `brona` or `plixen`."""
    count = count or rng.choice([1, 2, 2, 2, 3])
    return "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(count)) + rng.choice(ENDINGS)


def letters(rng):
    """A string with no pattern at all, the hardest thing to copy."""
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 7)))


SAID = """Good morning|Good night|Good evening|Good afternoon|Goodbye|Have a nice day|Nice to meet you|How are you|Hi there|
Hello world|Thank you very much|See you tomorrow|This is a test|My first file|I love it|Call me later|Happy birthday|Buy milk and bread|
The cat sat on the mat|Do not forget|What a day|We are here|It works|Read me first|All is well|I am at home|Welcome back|
todo|notes|test|readme|draft|to do|my notes|hello there|good|done|ideas|Dear all|Remember this""".replace("\n", "").split("|")
# Words of these and of the questions and their answers. In fixed phrases a token takes its space in, so that copying such a
# word is not the same tokens again: it has to be learned word by word.
SPOKEN = sorted({w for text in SAID + [x for t in TOPICS for x in (*t.questions, t.answer)] for w in re.findall(r"[A-Za-z]{2,}", text)})


def spoken(rng):
    """A phrase of words that the model says itself."""
    if rng.random() < 0.4:
        return rng.choice(SAID)
    if rng.random() < 0.4:
        text = rng.choice(TOPICS).answer.split()
        first = rng.randrange(max(1, len(text) - 6))
        return " ".join(text[first : first + rng.randint(2, 6)]).strip(".,:;")
    text = " ".join(rng.choice(SPOKEN) for _ in range(rng.randint(1, 5)))
    return text[0].upper() + text[1:] if rng.random() < 0.6 else text


def glued(rng):
    """A word that ends in one of those, where the token without the space is meant."""
    return (syllables(rng, 1) if rng.random() < 0.6 else rng.choice(SPOKEN)) + rng.choice(SPOKEN)


def word(rng):
    k = rng.random()
    if k < 0.18:
        return rng.choice(SPOKEN).lower() if k < 0.15 else glued(rng)
    k = rng.random()
    if k < 0.62:
        w = rng.choice(WORDS)
        return w + "s" if rng.random() < 0.08 else w
    return syllables(rng) if k < 0.96 else letters(rng)


def name(rng):
    return rng.choice(NAMES) if rng.random() < 0.55 else syllables(rng).capitalize()


def full_name(rng):
    return name(rng) + (" " + syllables(rng).capitalize() if rng.random() < 0.25 else "")


def city(rng):
    k = rng.random()
    if k < 0.55:
        return rng.choice(CITIES)
    if k < 0.92:
        return syllables(rng).capitalize()
    return rng.choice(["New", "San", "Port", "Lake", "Saint", "North", "Bad"]) + " " + syllables(rng).capitalize()


def integer(rng):
    return rng.randint(0, rng.choice([9, 99, 99, 999, 999, 9999, 99999]))


def number(rng):
    """An integer mostly, sometimes a decimal or a negative number."""
    k = rng.random()
    if k < 0.85:
        return integer(rng)
    if k < 0.95:
        return float("%d.%d" % (rng.randint(0, 199), rng.randint(1, 9)))
    return -rng.randint(1, 99)


def phrase(rng, low=1, high=7):
    """Words with the punctuation and capitals of notes, titles and short sentences."""
    count = rng.randint(low, high)
    out = []
    for i in range(count):
        link = 0 < i < count - 1 and rng.random() < 0.35
        out.append(rng.choice(LINKS) if link else word(rng))
        if rng.random() < 0.04:
            out[-1] = str(integer(rng))
    k = rng.random()
    if k < 0.45:
        out[0] = out[0][0].upper() + out[0][1:]
    elif k < 0.55:
        out = [w[0].upper() + w[1:] for w in out]
    text = " ".join(out)
    if rng.random() < 0.12:
        text = text.replace(" ", rng.choice([", ", ", ", ": ", " - "]), 1)
    if rng.random() < 0.25:
        text += rng.choice("!.?!.")
    return text


def title(rng, low=1, high=4):
    return phrase(rng, low, high).rstrip(".!?")


def stem(rng):
    k = rng.random()
    if k < 0.45:
        return word(rng)
    if k < 0.7:
        return word(rng) + rng.choice("-_") + word(rng)
    if k < 0.78:
        return word(rng) + rng.choice(["", "-", "_", "_v"]) + str(rng.randint(1, 2030))
    if k < 0.86:
        return word(rng).capitalize() + rng.choice(["", word(rng).capitalize()])
    return word(rng) + rng.choice("-_") + word(rng) + rng.choice("-_") + rng.choice([word(rng), str(rng.randint(1, 99))])


def file_name(rng):
    if rng.random() < 0.04:
        return rng.choice(["Makefile", "Dockerfile", "README", "LICENSE", ".gitignore", "Package.swift", "README.md"])
    return stem(rng) + "." + rng.choice(EXTENSIONS)


def path(rng):
    if rng.random() < 0.6:
        return file_name(rng)
    return rng.choice(["", "", "/", "~/"]) + "".join(word(rng) + "/" for _ in range(rng.choice([1, 1, 2]))) + file_name(rng)


def code(rng):
    return "".join(rng.choice("ABCDEFGHKLMNPRSTXZ") for _ in range(rng.randint(2, 4))) + rng.choice(["-", "", "_"]) + str(integer(rng))


def url(rng):
    return "https://" + word(rng) + rng.choice(DOMAINS) + rng.choice(["", "/" + word(rng)])


def plain(name):
    """A name of programmers as words: `birth year` for `birth_year` and `birthYear`."""
    return re.sub("([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").lower()


def email(rng):
    return word(rng) + rng.choice(["", "." + word(rng)]) + "@" + word(rng) + rng.choice(DOMAINS)


def date(rng):
    return "%d-%02d-%02d" % (rng.randint(2019, 2031), rng.randint(1, 12), rng.randint(1, 28))


def clock(rng):
    return "%d:%02d" % (rng.randint(0, 23), rng.choice([0, 15, 30, 45, rng.randint(0, 59)]))


ACCENTS = "äöüßéèêáíóúñçåøæãõâîôûëïşğıłćšžřčěýđ"
ABROAD = """Grüße aus Köln|Schöne Grüße|Guten Morgen, Jürgen|Bis später!|Größe: 42|Café au lait|Déjà vu|Ça va?|À bientôt|Joyeux Noël|¿Qué tal?|¡Hola!|Mañana a las 8|
Olá, São Paulo|Não esqueça|Buon giorno, perché no|Smörgåsbord på fredag|Være så god|Hyvää päivää|Dzień dobry|Dobrý den|Привет, мир|Доброе утро|Καλημέρα|
こんにちは|おはよう|ありがとう|你好，世界|早上好|안녕하세요|שלום|مرحبا|naïve façade|Zoë & Björn|5 €|20 °C|½ cup|Łódź|Reykjavík|Ünal|résumé|Übung 3|Müller GmbH""".replace("\n", "").split("|")


def abroad(rng):
    """Letters outside ASCII."""
    if rng.random() < 0.4:
        return rng.choice(ABROAD)
    accented = lambda: "".join(rng.choice(ACCENTS) if c in "aeiou" and rng.random() < 0.4 else c for c in syllables(rng))
    text = " ".join(accented() if rng.random() < 0.6 else word(rng) for _ in range(rng.randint(1, 4)))
    return text[0].upper() + text[1:] if rng.random() < 0.4 else text


def code_text(rng):
    """What stands in files of programs: quotes, braces, signs."""
    w, v, n = word(rng), word(rng), str(integer(rng))
    forms = ['{"W": N}', '{"W": "V"}', '{"W":N}', '{"W": true}', '["W", "V"]', "[N, N]", "{}", "[]", "<b>W</b>", "<p>W V</p>", "<h1>W</h1>", "<html></html>", "W: V",
             "W = N", "W = 'V'", 'W = "V"', "const W = N;", "var W = 'V';", "let W = [N]", "print('W')", "console.log(N);", "echo W", "#!/bin/sh", "# W", "// W V",
             "def W(): pass", "import W", "return N;", "int W = N;", "SELECT * FROM W;", "W,V,N", "W;V", "- W", "* W V", "1. W", "[ ] W", "a && b", "W/V", "C:\\W",
             "$W", "W_V", "--W=N", "50% W", "@W #V", "W -> V", "x^2 + N", "(W)", "W?", "export W=V", "key=W&n=N"]  # fmt: skip
    return rng.choice(forms).replace("W", w).replace("V", v).replace("N", n)


def text_value(rng):
    """Contents for files and messages."""
    k = rng.random()
    if k < 0.33:
        return spoken(rng)
    if k < 0.74:
        return phrase(rng)
    if k < 0.8:
        return code_text(rng) if k < 0.775 else abroad(rng)
    return rng.choice(
        [
            lambda: "Hello, world!",
            lambda: "Hello " + name(rng),
            lambda: str(integer(rng)),
            lambda: "print(%d)" % integer(rng),
            lambda: "Meeting at " + clock(rng),
            lambda: "Dear " + name(rng) + ", " + phrase(rng, 2, 5),
            lambda: email(rng),
            lambda: word(rng) + ", " + word(rng) + " and " + word(rng),
            lambda: rng.choice(GOODS) + " and " + rng.choice(GOODS),
            lambda: word(rng) + " and " + word(rng),
            lambda: ", ".join(rng.choice(GOODS) for _ in range(rng.randint(2, 4))),
            lambda: "# " + phrase(rng, 1, 3),
            lambda: code(rng),
            lambda: "See you at " + clock(rng),
            lambda: 'print("' + word(rng) + '")',
            lambda: "let x = %d" % integer(rng),
            lambda: name(rng) + " " + rng.choice(ACTIONS) + "s the " + word(rng) + ".",
            lambda: word(rng) + "=" + word(rng),
            lambda: "I'm " + word(rng),
            lambda: "Don't " + rng.choice(ACTIONS) + " the " + word(rng),
        ]
    )()


def any_value(rng):
    return rng.choice([word, word, name, code, title, title, path, city, email, date, lambda r: syllables(r, 3)])(rng)
