"""What typed answers are about: subjects with their members, and clauses that tell a member's value."""

from dataclasses import dataclass

import words as W

MONTHS = "January February March April May June July August September October November December".split()


def day(rng):
    """A date as it is said, and as it is written down."""
    y, m, d = rng.randint(2015, 2032), rng.randint(1, 12), rng.randint(1, 28)
    iso = f"{y}-{m:02d}-{d:02d}"
    return rng.choice([iso, iso, f"{d} {MONTHS[m - 1]} {y}", f"{MONTHS[m - 1]} {d}, {y}"]), iso


def same(make):
    def pair(rng):
        value = make(rng)
        return str(value), value

    return pair


def several(make, low=1, high=4):
    def pair(rng):
        values = [make(rng) for _ in range(rng.randint(low, high))]
        return values[0] if len(values) == 1 else ", ".join(values[:-1]) + rng.choice([" and ", " and ", ", "]) + values[-1], values

    return pair


def amount(rng):
    return rng.choice([rng.randint(1, 2000), rng.randint(1, 2000), float(f"{rng.randint(0, 300)}.{rng.choice([5, 25, 75, 99, 95, 49])}")])


def person(rng):
    k = rng.random()
    return W.name(rng) if k < 0.5 else W.name(rng) + " " + (rng.choice(W.NAMES) if k < 0.75 else W.syllables(rng).capitalize())


THING = lambda r: r.choice(W.THINGS if r.random() < 0.6 else W.listed("nouns")) if r.random() < 0.75 else W.syllables(r)
SIZES, LEVELS, MOODS = ["small", "medium", "large"], ["low", "normal", "high"], ["positive", "negative", "neutral"]
COLORS = lambda r: r.choice(W.COLORS)


@dataclass
class Field:
    kind: str  # string, integer, number, boolean, date, list or a list of choices
    keys: str  # names that the member may have
    make: object
    said: str  # clauses that tell the value, {v}; for booleans true and false ones are divided by " / "


def field(kind, keys, make, said):
    return Field(kind, keys.split(), make, said)


# Each group is about one thing: the first fields tell what, the others are joined with commas.
PERSON = [
    field("string", "name name name full_name person", same(person), "{v}|My name is {v}|This is {v}|I am {v}|The name is {v}|Name: {v}|My friend {v}|Our colleague {v}|A person named {v}|I am called {v}|This is our neighbor {v}"),
    field("integer", "age age years", same(lambda r: r.randint(1, 99)), "is {v} years old|is {v}|, age {v}|aged {v}|is {v} years of age|has lived for {v} years|is now {v} years old|has turned {v}|has the age {v}"),
    field("string", "city city home town location", same(W.city), "lives in {v}|comes from {v}|is from {v}|has a flat in {v}|is at home in {v}|has a house in {v}|lives in the city of {v}|is a resident of {v}|comes from the town of {v}"),
    field("string", "job profession occupation", same(THING), "works as a {v}|is a {v} by profession|has the job of a {v}|is employed as a {v}|has a job as a {v}|works in the role of {v}|has the profession {v}|is a trained {v}"),
    field("string", "email mail", same(W.email), "has the email {v}|can be reached at {v}|uses the address {v}|has the mail address {v}|can be written to at {v}|uses {v} for mail|is reachable at {v}|answers mail at {v}"),
    field("list", "hobbies likes interests", several(THING), "likes {v}|is fond of {v}|is interested in {v}|has the hobbies {v}|has an interest in {v}|is a fan of {v}|likes to think of {v}|is happy with {v}"),
    field("boolean", "married is_married", None, "is married / is not married|is married / is single|has a spouse / has no spouse|is wed / is not wed|is a married person / is not a married person|has been married / has never been married|is married now / is not married yet"),
    field("date", "birthday born date_of_birth", day, "was born on {v}|has a birthday on {v}|has the birth date {v}|was born in a hospital on {v}|was born at home on {v}|has {v} as date of birth|has the birthday {v}"),
    field("string", "company employer", same(lambda r: W.word(r).capitalize()), "works at {v}|works for {v}|is employed by {v}|has a job at {v}|is on the staff of {v}|works in an office of {v}|is with the company {v}|has the employer {v}"),
    field("string", "phone phone_number", same(lambda r: f"{r.randint(100, 999)}-{r.randint(1000, 9999)}"), "has the phone number {v}|answers the phone at {v}|can be called at {v}|has the number {v}|uses the phone number {v}|is reachable by phone at {v}|answers calls at {v}"),
]
ORDER = [
    field("string", "item product article", same(THING), "I want to order {n} {v}|Please send me {n} {v}|I would like {n} {v}|Order {n} {v}|We need {n} {v}|Could you send {n} {v}|I am ordering {n} {v}|Put in an order of {n} {v}|We would like to buy {n} {v}|Get me {n} {v}"),
    field("integer", "quantity count amount", same(lambda r: r.randint(1, 99)), ""),
    field(SIZES, "size", same(lambda r: r.choice(SIZES)), "in size {v}|size {v}|{v} ones|in the size {v}|in {v} size|with the size {v}|as size {v}|in a {v} version"),
    field("string", "color colour", same(COLORS), "in {v}|of the color {v}|colored {v}|with the color {v}|in the color {v}|painted {v}|dyed {v}|as the {v} version"),
    field("number", "price cost", same(amount), "for {v} dollars each|at a price of {v}|that cost {v} euros|for {v} each|at {v} dollars|priced at {v}|with a unit price of {v}|paying {v} euros each"),
    field("date", "date delivery_date due", day, "by {v}|to be delivered on {v}|before {v}|arriving by {v}|no later than {v}|for delivery on {v}|to arrive on {v}|needed on {v}"),
    field("boolean", "gift is_gift", None, "as a gift / not as a gift|wrapped as a gift / with no gift wrapping|as a present / not as a present|with gift wrapping / without gift wrapping|in gift paper / with no gift paper|packed as a gift / not packed as a gift|meant as a gift / not meant as a gift"),
    field("string", "address city", same(W.city), "to {v}|shipped to {v}|delivered to {v}|sent to {v}|for a customer in {v}|going to {v}|with {v} as the destination|delivered to a house in {v}"),
]
EVENT = [
    field("string", "title name event", same(lambda r: f"{W.word(r)} {r.choice(['meeting', 'party', 'concert', 'lunch', 'workshop'])}"), "The {v}|This {v}|Our {v}|The next {v}|The upcoming {v}|Our big {v}|The event called {v}|My {v}"),
    field("date", "date day", day, "takes place on {v}|is on {v}|happens on {v}|is planned for {v}|is set for {v}|will be on {v}|is scheduled for {v}|falls on {v}"),
    field("string", "time start", same(W.clock), "starts at {v}|begins at {v}|opens at {v}|is at {v}|kicks off at {v}|has a start time of {v}|gets going at {v}"),
    field("string", "place location room city", same(W.city), "is held in {v}|takes place in {v}|happens in {v}|will be in {v}|brings people to {v}|is located in {v}|has {v} as its location"),
    field("list", "guests people attendees participants", several(W.name), "is for {v}|has the guests {v}|is with {v}|welcomes {v}|brings together {v}|has invited {v}|includes {v}|will be attended by {v}"),
    field("integer", "duration minutes", same(lambda r: r.randint(5, 240)), "takes {v} minutes|lasts {v} minutes|goes on for {v} minutes|is {v} minutes long|runs for {v} minutes|has a length of {v} minutes|ends after {v} minutes"),
]
PRODUCT = [
    field("string", "name product title", same(lambda r: W.word(r).capitalize()), "The {v}|Our new {v}|This {v}|The product {v}|The famous {v}|The product called {v}|My {v}|The article {v}"),
    field("number", "price cost", same(amount), "costs {v} dollars|is sold for {v}|has a price of {v}|can be bought for {v}|sells at {v} euros|is priced at {v}|goes for {v} dollars|is offered at {v}"),
    field("string", "color colour", same(COLORS), "is {v}|comes in {v}|has the color {v}|is colored {v}|is painted {v}|is sold in {v}|looks {v}"),
    field(SIZES, "size", same(lambda r: r.choice(SIZES)), "is {v} in size|has the size {v}|is of {v} size|comes in size {v}|is sold in size {v}|belongs to the {v} ones|has a {v} format"),
    field("boolean", "in_stock available", None, "is in stock / is out of stock|is available / is not available|is in the store / is not in the store|can be ordered now / cannot be ordered now|is on the shelf / is not on the shelf|is there to buy / is sold out|is in the warehouse / is not in the warehouse"),
    field("number", "weight", same(amount), "weighs {v} kilograms|has a weight of {v} kg|is {v} kilograms heavy|brings {v} kg to the scale|has {v} kilograms|is listed at {v} kg|comes to {v} kilograms"),
    field("list", "parts ingredients contents", several(THING), "is made of {v}|contains {v}|comes with {v}|includes {v}|consists of {v}|has {v} in it|is built from {v}|is delivered with {v}"),
    field("number", "rating stars", same(lambda r: r.choice([1, 2, 3, 4, 5, 3.5, 4.5])), "has {v} stars|is rated {v}|gets {v} stars|has a rating of {v}|received {v} stars|is scored at {v}|was reviewed with {v} stars"),
]
TASK = [
    field("string", "title task name", same(lambda r: f"{r.choice(W.ACTIONS)} the {THING(r)}"), "Remember to {v}|I have to {v}|Someone must {v}|The task is to {v}|Do not forget to {v}|We need to {v}|My next task is to {v}|Somebody should {v}|On my list: {v}"),
    field(LEVELS, "priority urgency importance", same(lambda r: r.choice(LEVELS)), "with {v} priority|the priority is {v}|it has {v} priority|it has a priority of {v}|its priority is {v}|marked with {v} priority|the urgency is {v}|treated with {v} priority"),
    field("date", "due deadline date", day, "by {v}|it is due on {v}|the deadline is {v}|no later than {v}|it has to be ready on {v}|it must be done by {v}|the due date is {v}|it should be over by {v}"),
    field("string", "assignee owner person", same(W.name), "it is for {v}|{v} will do it|assigned to {v}|{v} takes care of it|it goes to {v}|{v} is responsible|it was given to {v}|{v} is in charge of it"),
    field("boolean", "done finished completed", None, "it is done / it is not done|it is finished / it is still open|it is complete / it is not complete|it has been done / it has not been done|it is already done / it is not done yet|it was finished / it was not finished|it is off the list / it is still on the list"),
    field("integer", "hours effort", same(lambda r: r.randint(1, 60)), "it takes {v} hours|it needs {v} hours|it will take {v} hours|it is {v} hours of work|the effort is {v} hours|it needs about {v} hours|it costs {v} hours"),
]
GENRES, KINDS, RIDES, STATES = ["novel", "poetry", "science", "history"], ["cat", "dog", "bird", "horse", "fish"], ["train", "car", "plane", "bus"], ["open", "closed", "waiting"]
BOOK = [
    field("string", "title name book", same(lambda r: " ".join(x.capitalize() for x in W.title(r, 1, 3).split())), "The book {v}|{v}|My book {v}|The title is {v}. It|The volume {v}|Our book {v}|A book called {v}|The book called {v}|The work {v}"),
    field("string", "author writer", same(person), "was written by {v}|is by {v}|has the author {v}|comes from the pen of {v}|is a work of {v}|is a book of {v}|was authored by {v}|has {v} as its author"),
    field("integer", "year published", same(lambda r: r.randint(1850, 2026)), "is from {v}|appeared in {v}|was published in {v}|came out in {v}|was printed in {v}|dates from {v}|was first sold in {v}|was written in the year {v}"),
    field("integer", "pages length", same(lambda r: r.randint(40, 1200)), "has {v} pages|is {v} pages long|runs to {v} pages|fills {v} pages|consists of {v} pages|has a length of {v} pages|counts {v} pages"),
    field(GENRES, "genre category kind", same(lambda r: r.choice(GENRES)), "is about {v}|is {v}|belongs to {v}|has the genre {v}|counts as {v}|is classed as {v}|stands on the {v} shelf|is found under {v}"),
    field("string", "language", same(lambda r: r.choice(W.LANGUAGES)), "is in {v}|is written in {v}|is printed in {v}|uses the language {v}|is a text in {v}|is to be read in {v}|has the language {v}"),
    field("boolean", "read finished", None, "is read / is not read yet|has been read / has not been read|was read / was not read|is already read / is still unread|has been read to the end / has not been read to the end|is a book I have read / is a book I have not read|was read by me / was never read by me"),
    field("list", "topics subjects tags keywords", several(THING), "tells of {v}|is on {v}|has the topics {v}|deals with {v}|covers {v}|treats {v}|has chapters on {v}|tells the reader of {v}"),
]
TRIP = [
    field("string", "destination city to place", same(W.city), "I travel to {v}|We fly to {v}|A trip to {v}|Book a trip to {v}|I want to go to {v}|We are going to {v}|I am planning a trip to {v}|Plan a journey to {v}|I would like to visit {v}|Our next trip goes to {v}"),
    field("string", "origin from start", same(W.city), "from {v}|starting in {v}|starting from {v}|leaving from {v}|departing from {v}|with a start in {v}|coming from {v}"),
    field("date", "date departure day", day, "on {v}|leaving on {v}|departing on {v}|starting on {v}|with the departure on {v}|beginning on {v}|setting off on {v}"),
    field("integer", "days nights length", same(lambda r: r.randint(1, 30)), "for {v} days|staying {v} nights|lasting {v} days|for a stay of {v} days|for {v} nights|with {v} days there|over {v} days"),
    field("integer", "people travelers persons", same(lambda r: r.randint(1, 9)), "with {v} people|for {v} persons|as a group of {v}|for a party of {v}|with {v} travelers|for {v} people|with {v} persons in all"),
    field(RIDES, "transport vehicle by", same(lambda r: r.choice(RIDES)), "by {v}|taking the {v}|going by {v}|traveling by {v}|with the {v}|on board a {v}|using the {v}"),
    field("boolean", "hotel needs_hotel", None, "with a hotel / without a hotel|and need a hotel / and need no hotel|with a hotel room / without a hotel room|with a hotel booking / without a hotel booking|staying in a hotel / not staying in a hotel|including a hotel / not including a hotel|and want a hotel / and want no hotel"),
    field("number", "budget", same(amount), "for at most {v} dollars|with a budget of {v}|for no more than {v} euros|spending up to {v}|at a cost of {v}|with {v} dollars to spend|on a budget of {v} euros"),
]
PET = [
    field("string", "name pet", same(W.name), "{v}|My pet {v}|Our pet {v}|The animal is called {v}. It|The little {v}|Our dear {v}|The pet {v}|My pet called {v}|An animal named {v}"),
    field(KINDS, "animal species kind", same(lambda r: r.choice(KINDS)), "is a {v}|belongs to the species {v}|was sold as a {v}|is our {v}|is known to be a {v}|was born as a {v}"),
    field("integer", "age years", same(lambda r: r.randint(1, 25)), "is {v} years old|has lived for {v} years|has reached the age of {v}|is {v} years of age|has an age of {v} years|has turned {v}|was born {v} years ago"),
    field("string", "color", same(COLORS), "is {v}|has the color {v}|looks {v}|is {v} in color|is all {v}|is of the color {v}|shines in {v}"),
    field("number", "weight kilograms", same(amount), "weighs {v} kilograms|has {v} kg|comes to {v} kilograms|has a weight of {v} kg|is {v} kilograms heavy|brings {v} kg to the scale|was weighed at {v} kilograms"),
    field("string", "owner", same(person), "belongs to {v}|lives with {v}|is owned by {v}|is kept by {v}|has the owner {v}|stays with {v}|is cared for by {v}"),
    field("boolean", "vaccinated is_vaccinated", None, "is vaccinated / is not vaccinated|has been vaccinated / has not been vaccinated|has had the vaccine / has not had the vaccine|was vaccinated / was not vaccinated|got the shots / did not get the shots|is protected by a vaccine / is not protected by a vaccine"),
    field("list", "likes likes favorites", several(THING), "likes {v}|eats {v}|plays with {v}|is fond of {v}|is happy with {v}|loves {v}|enjoys {v}|always wants {v}"),
]
ITEM = [
    field("string", "item thing object name", same(THING), "The {v}|This {v}|A {v}|Our {v}|That {v}|My {v}|One {v}|The object called {v}|The old {v}"),
    field("number", "width", same(amount), "has a width of {v}|is {v} wide|measures {v} in width|is {v} across|has {v} as its width|reaches a width of {v}|has the width {v}"),
    field("number", "height", same(amount), "has a height of {v}|is {v} high|measures {v} in height|is {v} tall|has {v} as its height|reaches a height of {v}|has the height {v}"),
    field("string", "code id", same(W.code), "has the code {v}|carries the number {v}|is labeled {v}|is listed under {v}|bears the code {v}|is marked with {v}|has {v} as its code"),
    field(STATES, "status state", same(lambda r: r.choice(STATES)), "is {v}|has the status {v}|is now {v}|is currently {v}|is marked as {v}|is in the state {v}|counts as {v}"),
    field("string", "room place", same(lambda r: W.word(r)), "stands in the {v}|is in the {v}|is kept in the {v}|can be found in the {v}|was put in the {v}|has its place in the {v}|belongs in the {v}"),
    field("integer", "count number", same(lambda r: r.randint(0, 500)), "exists {v} times|has a count of {v}|is there {v} times|was counted {v} times|is present {v} times|is listed {v} times|has been made {v} times"),
    field("list", "colors", several(COLORS, 1, 3), "comes in {v}|has the colors {v}|is painted in {v}|shows the colors {v}|is sold in {v}|can be had in {v}|is made in {v}"),
    field("boolean", "used is_used", None, "is used / is new|is not new / is not used|has been used / has not been used|was used before / was never used|is second hand / is not second hand|comes used / comes unused|had an owner before / had no owner before"),
    field("string", "contact email", same(W.email), "has the contact {v}|belongs to {v}|is managed by {v}|is looked after by {v}|has questions answered at {v}|is in the care of {v}|has the contact address {v}"),
]
FUELS, GEARS, HOMES, FILMS = ["petrol", "diesel", "electricity", "gas"], ["manual", "automatic"], ["cabin", "cottage", "villa", "bungalow"], ["comedy", "drama", "thriller", "western"]
CUISINES, PRICES, DEGREES = ["italian", "chinese", "indian", "mexican", "greek"], ["cheap", "moderate", "expensive"], ["bachelor", "master", "doctorate"]
STUDIES, CONTINENTS = ["math", "physics", "biology", "law", "music"], ["africa", "america", "asia", "europe", "oceania"]
RULES, INDUSTRIES, TUNES = ["republic", "monarchy", "federation"], ["software", "finance", "energy", "farming"], ["rock", "pop", "jazz", "folk"]
PLATFORMS, GRADES, CABINS = ["computer", "console", "phone"], ["easy", "medium", "hard"], ["economy", "business", "first"]
CONDITIONS, WARDS, CURRENCIES = ["stable", "serious", "critical"], ["surgery", "cardiology", "neurology", "pediatrics"], ["usd", "eur", "gbp", "chf"]
GROWTHS, LIGHTS, COURSES = ["tree", "shrub", "flower", "herb", "cactus"], ["bright", "medium", "dim"], ["breakfast", "lunch", "dinner", "dessert"]

BRAND = lambda r: W.word(r).capitalize()
TITLE = lambda r: " ".join(x.capitalize() for x in W.title(r, 1, 3).split())
STREET = lambda r: f"{r.randint(1, 250)} {W.syllables(r).capitalize()} {r.choice(['Street', 'Road', 'Lane', 'Avenue'])}"
PHONE = lambda r: f"{r.randint(100, 999)}-{r.randint(1000, 9999)}"
LANGUAGE = lambda r: r.choice(W.LANGUAGES)
STARS = lambda r: r.choice([1, 2, 3, 4, 5, 2.5, 3.5, 4.5])
choice = lambda kinds: same(lambda r: r.choice(kinds))

CAR = [
    field("string", "model name car car_model modelName", same(BRAND), "The car {v}|My car {v}|Our {v}|The model {v}|The used {v}|A {v}"),
    field("string", "make brand manufacturer carMaker", same(BRAND), "was built by {v}|is made by {v}|comes from the maker {v}|has the manufacturer {v}|was produced by {v}"),
    field("integer", "year model_year built modelYear", same(lambda r: r.randint(1960, 2026)), "is from {v}|was built in {v}|dates from {v}|has the model year {v}"),
    field("string", "color colour paint", same(COLORS), "is {v}|is painted {v}|has the color {v}|comes in {v}"),
    field("integer", "mileage kilometers distance_driven", same(lambda r: r.randint(0, 250000)), "has been driven {v} kilometers|has run {v} kilometers|shows {v} km on the clock|has a mileage of {v}"),
    field(FUELS, "fuel fuel_type fuelType energy_source", choice(FUELS), "runs on {v}|is powered by {v}|drives with {v}|needs {v} as fuel|uses {v}"),
    field("number", "price cost asking_price askingPrice", same(amount), "costs {v} dollars|is for sale at {v}|has a price of {v}|can be had for {v} euros"),
    field("boolean", "sold is_sold isSold", None, "is sold / is not sold|is already sold / is not sold yet|has been sold / has not been sold|has found a buyer / has found no buyer"),
    field("list", "extras features equipment", several(THING), "has the extras {v}|comes with {v}|is equipped with {v}|includes {v}"),
]
HOUSE = [
    field("string", "address street street_address streetAddress", same(STREET), "The house at {v}|The property at {v}|Our home at {v}|The place at {v}|The old house at {v}|The building at {v}"),
    field("string", "city town location", same(W.city), "is in {v}|is located in {v}|stands in {v}|can be found in {v}"),
    field("integer", "rooms room_count number_of_rooms roomCount", same(lambda r: r.randint(1, 15)), "has {v} rooms|offers {v} rooms|comes with {v} rooms|is divided into {v} rooms"),
    field("number", "area size living_area square_meters", same(amount), "has {v} square meters|measures {v} square meters|has an area of {v}|offers {v} square meters of space"),
    field("number", "rent monthly_rent price", same(amount), "costs {v} a month|has a rent of {v}|rents for {v} euros|can be rented for {v} dollars"),
    field(HOMES, "kind type house_type propertyType", choice(HOMES), "is a {v}|is listed as a {v}|counts as a {v}|is described as a {v}"),
    field("boolean", "garden has_garden hasGarden", None, "has a garden / has no garden|comes with a garden / comes without a garden|offers a garden / does not offer a garden|includes a garden / includes no garden"),
    field("date", "available_from available move_in_date", day, "is available from {v}|can be moved into on {v}|becomes free on {v}|is empty from {v}"),
    field("string", "landlord owner agent", same(person), "belongs to {v}|is owned by {v}|is rented out by {v}|has the owner {v}"),
]
MOVIE = [
    field("string", "title name movie film", same(TITLE), "The movie {v}|The film {v}|{v}|The one titled {v}|The new movie {v}|My favorite film {v}"),
    field("string", "director directed_by filmmaker", same(person), "was directed by {v}|is a work of {v}|has the director {v}|was made by {v}"),
    field("integer", "year release_year releaseYear", same(lambda r: r.randint(1920, 2026)), "is from {v}|came out in {v}|was released in {v}|was first shown in {v}"),
    field("integer", "minutes runtime duration length", same(lambda r: r.randint(60, 240)), "lasts {v} minutes|is {v} minutes long|runs for {v} minutes|has a length of {v} minutes"),
    field(FILMS, "genre category kind", choice(FILMS), "is a {v}|belongs to the genre {v}|is shown as a {v}|has the genre {v}"),
    field("list", "actors cast stars", several(W.name), "stars {v}|has the actors {v}|features {v}|was played by {v}"),
    field("number", "rating score review_score", same(STARS), "is rated {v}|has {v} stars|got {v} stars|received a score of {v}"),
    field("boolean", "seen watched is_watched", None, "has been watched / has not been watched|is already seen / is not seen yet|was seen / was not seen|is on the watched list / is not on the watched list"),
    field("string", "language original_language spoken_language", same(LANGUAGE), "is in {v}|is spoken in {v}|was filmed in {v}|has dialogues in {v}"),
]
RESTAURANT = [
    field("string", "name restaurant restaurant_name", same(BRAND), "The restaurant {v}|The place called {v}|Our restaurant {v}|The restaurant called {v}|The little restaurant {v}|{v}"),
    field("string", "city location town", same(W.city), "is in {v}|can be found in {v}|is located in {v}|welcomes guests in {v}"),
    field(CUISINES, "cuisine food kitchen cuisine_type", choice(CUISINES), "serves {v} food|has {v} cuisine|offers {v} dishes|is known for {v} cooking"),
    field(PRICES, "price_level prices priceLevel", choice(PRICES), "is {v}|has {v} prices|counts as {v}|is considered {v}"),
    field("integer", "tables table_count", same(lambda r: r.randint(3, 90)), "has {v} tables|offers {v} tables|is set up with {v} tables|owns {v} tables"),
    field("list", "dishes menu specialties", several(THING), "serves {v}|has {v} on the menu|is famous for {v}|offers the dishes {v}"),
    field("number", "rating stars average_rating", same(STARS), "has {v} stars|is rated {v}|has a rating of {v}|gets {v} stars from guests"),
    field("boolean", "delivers delivery offers_delivery", None, "delivers / does not deliver|offers delivery / offers no delivery|brings food to the door / does not bring food to the door|has a delivery service / has no delivery service"),
    field("string", "phone phone_number phoneNumber", same(PHONE), "takes calls at {v}|has the phone number {v}|can be called at {v}|answers the phone at {v}"),
]
STUDENT = [
    field("string", "name student student_name fullName", same(person), "{v}|The student {v}|Our student {v}|A student named {v}|The student called {v}|My classmate {v}"),
    field("string", "school university college", same(lambda r: W.syllables(r).capitalize() + r.choice([" College", " University", " School"])), "attends {v}|goes to {v}|studies at {v}|is enrolled at {v}"),
    field(STUDIES, "major subject field_of_study", choice(STUDIES), "studies {v}|has chosen {v}|majors in {v}|is a student of {v}"),
    field(DEGREES, "degree program degree_level", choice(DEGREES), "is working toward the {v} degree|aims for the {v} degree|is in the {v} program|wants the {v} degree"),
    field("integer", "semester term current_semester", same(lambda r: r.randint(1, 14)), "is in semester {v}|has reached semester {v}|is registered for semester {v}|sits in term {v}"),
    field("number", "average grade_average gpa gradeAverage", same(lambda r: float(f"{r.randint(1, 4)}.{r.randint(1, 9)}")), "has an average of {v}|has a grade average of {v}|reaches an average of {v}|stands at an average of {v}"),
    field("list", "courses classes modules", several(THING), "takes the courses {v}|attends classes on {v}|has signed up for {v}|is learning about {v}"),
    field("date", "enrolled start_date enrollment_date startDate", day, "enrolled on {v}|started on {v}|joined on {v}|has been enrolled since {v}"),
    field("boolean", "graduated has_graduated", None, "has graduated / has not graduated|has graduated already / has not graduated yet|is a graduate / is not a graduate|is done with school / is not done with school"),
]
COUNTRY = [
    field("string", "name country country_name", same(lambda r: W.syllables(r, 2).capitalize() + r.choice(["ia", "land", "stan", ""])), "The country {v}|{v}|The nation of {v}|The state of {v}|The country called {v}|The land of {v}"),
    field("string", "capital capital_city capitalCity", same(W.city), "has the capital {v}|is ruled from {v}|has {v} as its capital|is governed from {v}"),
    field("integer", "population inhabitants people", same(lambda r: r.randint(10, 99000) * r.choice([1, 100, 1000])), "has {v} inhabitants|is home to {v} people|has a population of {v}|counts {v} people"),
    field("number", "area size square_kilometers", same(amount), "covers {v} square kilometers|has an area of {v}|measures {v} square kilometers|is {v} square kilometers in size"),
    field(CONTINENTS, "continent region part_of_world", choice(CONTINENTS), "is in {v}|lies in {v}|is part of {v}|belongs to {v}"),
    field(RULES, "government form_of_government governmentType", choice(RULES), "is a {v}|is governed as a {v}|became a {v}|calls itself a {v}"),
    field("list", "languages official_languages spoken_languages", several(LANGUAGE, 1, 3), "speaks {v}|has people who write {v}|uses {v} in its schools|has people who speak {v}"),
    field("date", "national_day holiday nationalDay", day, "celebrates its national day on {v}|has its next national day on {v}|keeps {v} as its national day|has its holiday on {v}"),
    field("boolean", "landlocked is_landlocked", None, "is landlocked / is not landlocked|has no coast / has a coast|has no access to the sea / has access to the sea|does not touch the sea / touches the sea"),
]
COMPANY = [
    field("string", "name company company_name companyName", same(BRAND), "The company {v}|{v}|The firm {v}|Our company {v}|The company called {v}|The business {v}"),
    field("string", "ceo boss director head", same(person), "is led by {v}|is run by {v}|has the director {v}|is headed by {v}"),
    field("integer", "employees staff employee_count employeeCount", same(lambda r: r.randint(1, 90000)), "has {v} employees|employs {v} people|has a staff of {v}|counts {v} workers"),
    field("string", "headquarters city seat", same(W.city), "is based in {v}|has its seat in {v}|has its headquarters in {v}|sits in {v}"),
    field("number", "revenue sales annual_revenue", same(amount), "makes {v} dollars a year|has a revenue of {v} dollars|earned {v} dollars last year|sells for {v} dollars a year"),
    field("date", "founded founding_date foundedOn", day, "was founded on {v}|started on {v}|was registered on {v}|has existed since {v}"),
    field(INDUSTRIES, "industry sector branch", choice(INDUSTRIES), "works in {v}|belongs to the {v} industry|is active in {v}|is in the {v} business"),
    field("list", "products goods offers", several(THING), "sells {v}|makes {v}|has the products {v}|offers {v}"),
    field("boolean", "profitable is_profitable makes_profit", None, "is profitable / is not profitable|makes a profit / makes no profit|earns a profit / does not earn a profit|has been profitable / has not been profitable"),
]
SONG = [
    field("string", "title name song song_title", same(TITLE), "The song {v}|{v}|The track {v}|My favorite song {v}|The one titled {v}|The hit {v}"),
    field("string", "artist singer musician", same(person), "is sung by {v}|is by {v}|was recorded by {v}|is performed by {v}"),
    field("string", "album record album_name albumName", same(BRAND), "is on the album {v}|appears on the album {v}|belongs to the album {v}|comes from the record {v}"),
    field("integer", "seconds duration length duration_seconds", same(lambda r: r.randint(45, 900)), "lasts {v} seconds|is {v} seconds long|plays for {v} seconds|has a length of {v} seconds"),
    field("date", "released release_date releaseDate", day, "was released on {v}|came out on {v}|appeared on {v}|was published on {v}"),
    field(TUNES, "genre style category", choice(TUNES), "is {v}|belongs to the genre {v}|is in the style of {v}|counts as {v}"),
    field("number", "tempo bpm beats_per_minute", same(lambda r: r.choice([r.randint(50, 200), r.randint(50, 200), r.randint(50, 200) + 0.5])), "has {v} beats per minute|is played at {v} beats per minute|has a tempo of {v}|runs at {v} bpm"),
    field("list", "instruments played_on sounds", several(THING), "is played with {v}|uses the sounds of {v}|was recorded with {v}|is made with {v}"),
    field("boolean", "favorite is_favorite isFavorite", None, "is a favorite / is not a favorite|is among the favorites / is not among the favorites|is marked as a favorite / is not marked as a favorite|has a heart / has no heart"),
]
GAME = [
    field("string", "title name game game_title", same(TITLE), "The game {v}|{v}|The new game {v}|Our game {v}|The game called {v}|The video game {v}"),
    field("string", "studio developer publisher made_by", same(BRAND), "was made by {v}|comes from the studio {v}|was developed by {v}|is published by {v}"),
    field(PLATFORMS, "platform device system", choice(PLATFORMS), "is played on a {v}|runs on every {v}|was made for the {v}|needs a {v}"),
    field(GRADES, "difficulty level challenge", choice(GRADES), "is {v}|has the difficulty {v}|counts as {v}|is {v} to play"),
    field("integer", "players max_players maxPlayers player_count", same(lambda r: r.randint(1, 64)), "is for {v} players|allows up to {v} players|can be played by {v} people|has room for {v} players"),
    field("number", "price cost retail_price", same(amount), "costs {v} dollars|is sold for {v}|has a price of {v}|can be bought for {v} euros"),
    field("date", "released release_date releaseDate", day, "was released on {v}|comes out on {v}|is dated {v}|goes on sale on {v}"),
    field("list", "characters heroes cast", several(W.name), "has the characters {v}|has the heroes {v}|tells the story of {v}|lets you play as {v}"),
    field("boolean", "online is_online online_mode", None, "is played online / is not played online|needs the internet / does not need the internet|has an online mode / has no online mode|works online / does not work online"),
]
FLIGHT = [
    field("string", "flight number flight_number flightNumber", same(W.code), "The flight {v}|Flight {v}|My flight {v}|Our flight {v}|The flight with the number {v}|The plane {v}"),
    field("string", "origin from departure_city departureCity", same(W.city), "leaves from {v}|starts in {v}|comes from {v}|takes off in {v}"),
    field("string", "destination to arrival_city arrivalCity", same(W.city), "goes to {v}|lands in {v}|flies to {v}|arrives in {v}"),
    field("date", "date departure_date day", day, "leaves on {v}|is on {v}|departs on {v}|is planned for {v}"),
    field("integer", "seats free_seats seat_count", same(lambda r: r.randint(1, 400)), "has {v} free seats|has {v} seats left|still offers {v} seats|has room for {v} people"),
    field("number", "price fare ticket_price", same(amount), "costs {v} dollars|has a fare of {v}|is offered for {v} euros|can be booked for {v}"),
    field(CABINS, "cabin travel_class cabinClass", choice(CABINS), "is booked in {v} class|is in {v} class|has seats in {v} class|is reserved in {v} class"),
    field("boolean", "direct is_direct nonstop", None, "is direct / is not direct|has no stop on the way / has a stop on the way|goes without a stop / does not go without a stop|is nonstop / is not nonstop"),
    field("list", "passengers travelers people", several(W.name), "carries {v}|has the passengers {v}|takes {v} along|is booked for {v}"),
]
PATIENT = [
    field("string", "name patient patient_name patientName", same(person), "The patient {v}|Patient {v}|Our patient {v}|A patient named {v}|The patient called {v}|The new patient {v}"),
    field("integer", "age years patient_age", same(lambda r: r.randint(1, 99)), "is {v} years old|is {v}|is aged {v}|has reached the age of {v}"),
    field("list", "medicines drugs medication", several(THING), "takes {v}|is treated with {v}|needs {v}|is given {v}"),
    field("string", "doctor physician treated_by", same(lambda r: "Dr. " + W.name(r)), "is treated by {v}|sees {v}|is cared for by {v}|has the doctor {v}"),
    field("number", "temperature fever body_temperature", same(lambda r: float(f"{r.randint(35, 41)}.{r.randint(1, 9)}")), "has a temperature of {v}|has {v} degrees|was measured at {v} degrees|shows a temperature of {v} degrees"),
    field("date", "admitted admission_date admissionDate", day, "was admitted on {v}|came in on {v}|arrived on {v}|entered the hospital on {v}"),
    field(WARDS, "ward department station", choice(WARDS), "is in {v}|lies in {v}|was sent to {v}|stays in the {v} ward"),
    field(CONDITIONS, "condition state status", choice(CONDITIONS), "is {v}|is in {v} condition|is described as {v}|has the status {v}"),
    field("boolean", "insured is_insured has_insurance", None, "is insured / is not insured|has insurance / has no insurance|has an insurance card / does not have an insurance card|is covered by insurance / is not covered by insurance"),
]
INVOICE = [
    field("string", "number invoice invoice_number invoiceNumber", same(W.code), "The invoice {v}|Invoice {v}|The bill {v}|Our invoice {v}|The invoice with the number {v}|The attached invoice {v}"),
    field("string", "customer client bill_to customerName", same(person), "goes to {v}|is for {v}|is addressed to {v}|was written for {v}"),
    field("number", "total sum amount_due totalAmount", same(amount), "has a total of {v}|comes to {v}|asks for {v}|amounts to {v}"),
    field(CURRENCIES, "currency currency_code currencyCode", choice(CURRENCIES), "is in {v}|uses the currency {v}|was made out in {v}|has the currency {v}"),
    field("date", "due due_date dueDate deadline", day, "is due on {v}|has the due date {v}|is payable by {v}|must be settled by {v}"),
    field("integer", "lines positions line_count", same(lambda r: r.randint(1, 60)), "has {v} lines|lists {v} positions|consists of {v} lines|contains {v} positions"),
    field("list", "items articles products", several(THING), "covers {v}|lists {v}|includes {v}|has the items {v}"),
    field("boolean", "paid is_paid isPaid settled", None, "is paid / is not paid|has been paid / has not been paid|is already paid / is still unpaid|was paid / was not paid"),
    field("string", "email contact billing_email billingEmail", same(W.email), "was sent to {v}|has the contact {v}|went out to {v}|was mailed to {v}"),
]
PLANT = [
    field("string", "name plant plant_name plantName", same(BRAND), "The plant {v}|My {v}|Our {v}|This {v}|The plant called {v}|The green {v}"),
    field(GROWTHS, "kind type growth plant_type", choice(GROWTHS), "is a {v}|counts as a {v}|is sold as a {v}|grows as a {v}"),
    field("number", "height size height_cm", same(amount), "is {v} centimeters high|has a height of {v}|has grown to {v} centimeters|reaches {v} centimeters"),
    field("integer", "water_days watering interval wateringInterval", same(lambda r: r.randint(2, 40)), "needs water every {v} days|is watered every {v} days|wants water every {v} days|must be watered every {v} days"),
    field(LIGHTS, "light light_level exposure", choice(LIGHTS), "likes {v} light|needs {v} light|grows best in {v} light|does well in {v} light"),
    field("date", "planted planting_date plantedOn", day, "was planted on {v}|was set in the ground on {v}|went into its pot on {v}|was sown on {v}"),
    field("string", "place spot location", same(W.word), "stands in the {v}|grows in the {v}|has its spot in the {v}|is kept in the {v}"),
    field("list", "colors blossoms flower_colors", several(COLORS, 1, 3), "blooms in {v}|has flowers in {v}|shows the colors {v}|has blossoms in {v}"),
    field("boolean", "poisonous is_poisonous toxic", None, "is poisonous / is not poisonous|is toxic / is not toxic|contains poison / contains no poison|is dangerous to eat / is not dangerous to eat"),
]
RECIPE_CARD = [
    field("string", "title name dish recipe", same(TITLE), "The recipe {v}|The dish {v}|My recipe {v}|Our dish {v}|The recipe called {v}|{v}"),
    field("string", "author cook written_by", same(person), "is by {v}|was written by {v}|comes from {v}|was invented by {v}"),
    field("integer", "servings portions serves", same(lambda r: r.randint(1, 16)), "serves {v} people|is enough for {v} people|makes {v} portions|feeds {v}"),
    field("integer", "minutes cooking_time cookingTime", same(lambda r: r.randint(3, 240)), "takes {v} minutes|is ready in {v} minutes|needs {v} minutes|cooks for {v} minutes"),
    field("list", "ingredients parts contents", several(THING), "needs {v}|is made with {v}|contains {v}|has the ingredients {v}"),
    field(GRADES, "difficulty level skill", choice(GRADES), "is {v} to make|is {v}|has the difficulty {v}|counts as {v}"),
    field(COURSES, "course meal meal_type mealType", choice(COURSES), "is for {v}|is eaten as {v}|is served for {v}|goes well as {v}"),
    field("number", "calories energy calories_per_serving", same(amount), "has {v} calories|comes to {v} calories|contains {v} calories|has an energy of {v} calories"),
    field("boolean", "vegetarian is_vegetarian meatless", None, "is vegetarian / is not vegetarian|has no meat / has meat|is made without meat / is made with meat|is without meat / is not without meat"),
]
ROOM_TYPES, SEATINGS, MEALS = ["single", "double", "family", "suite"], ["window", "terrace", "bar", "garden"], ["breakfast", "brunch", "lunch", "dinner"]
CONTRACT_KINDS = ["permanent", "temporary", "freelance", "seasonal"]
RECORD_STYLES, RECORD_FORMATS = ["rock", "pop", "jazz", "folk", "metal", "soul"], ["vinyl", "cassette", "cd", "download"]
MONIES, TRANSFER_REASONS = ["usd", "eur", "gbp", "chf", "jpy"], ["rent", "salary", "loan", "donation"]
TICKET_TOPICS, TICKET_STATES = ["billing", "login", "shipping", "software"], ["new", "pending", "solved", "closed"]

HOTEL_STAY = [
    field("string", "hotel hotel_name hotelName name", same(BRAND), "Book a room at the {v}|I need a room at the hotel {v}|Please reserve a room in the hotel {v}|We would like to stay at the {v}|A stay at the {v}|Find me a room at the {v}|Our room at the hotel {v} is booked|We are staying at the {v}"),
    field("string", "city town location place", same(W.city), "in {v}|in the city of {v}|in the middle of {v}|in downtown {v}|close to the station of {v}|during our visit to {v}|while we are in {v}|near the center of {v}"),
    field("date", "check_in arrival arrival_date checkIn", day, "from {v}|arriving on {v}|checking in on {v}|with check-in on {v}|with arrival on {v}|starting on {v}|from {v} onwards|beginning {v}"),
    field("integer", "nights night_count length_of_stay numberOfNights", same(lambda r: r.randint(2, 30)), "for {v} nights|staying {v} nights|over {v} nights|for a stay of {v} nights|{v} nights in total|for a total of {v} nights|sleeping there {v} nights|leaving after {v} nights"),
    field("integer", "guests guest_count persons numberOfGuests", same(lambda r: r.randint(2, 9)), "for {v} people|with {v} guests|for {v} persons|as a group of {v}|for a party of {v}|sleeping {v} people|with beds for {v}|for {v} guests"),
    field(ROOM_TYPES, "room room_type roomType kind", choice(ROOM_TYPES), "in a {v} room|of the type {v}|with the room type {v}|room type {v}|taking a {v} room|in the category {v}|in the {v} category|preferably a {v} room"),
    field("number", "price rate price_per_night pricePerNight", same(amount), "for {v} a night|at {v} dollars a night|at a rate of {v}|costing {v} euros per night|paying {v} each night|for {v} dollars per night|at {v} a night|with a nightly price of {v}"),
    field("boolean", "breakfast with_breakfast breakfast_included", None, "with breakfast / without breakfast|breakfast included / breakfast not included|including breakfast / not including breakfast|with breakfast please / without breakfast please|with a breakfast buffet / with no breakfast buffet|with breakfast in the morning / with no breakfast in the morning|having breakfast there / not having breakfast there|with breakfast in the price / without breakfast in the price"),
]
TABLE_BOOKING = [
    field("string", "restaurant restaurant_name place venue", same(BRAND), "Book a table at {v}|Reserve a table at {v}|I would like a table at the {v}|We need a table at {v}|Please get us a table at {v}|Can I have a table at {v}|A reservation at {v}|Make a reservation at the restaurant {v}"),
    field("string", "name guest booked_for guestName", same(person), "under the name {v}|in the name of {v}|for {v}|on behalf of {v}|with {v} as the guest|booked for {v}|under {v}|the name is {v}"),
    field("date", "date day reservation_date reservationDate", day, "on {v}|for the date {v}|on the date {v}|on the evening of {v}|for the day {v}|dated {v}|coming on {v}|the day being {v}"),
    field("string", "time hour start_time", same(W.clock), "at {v}|with a start at {v}|starting at {v}|around {v}|from {v}|arriving at {v}|with the time set to {v}|coming in at {v}"),
    field("integer", "people guests party_size partySize seats", same(lambda r: r.randint(2, 20)), "for {v} people|for a party of {v}|with {v} seats|for {v} persons|for a group of {v}|with room for {v}|{v} of us in all|seating {v}"),
    field(SEATINGS, "seating table_place area seatingArea", choice(SEATINGS), "in the {v} area|at the {v}|close to the {v}|near the {v}|by the {v}|next to the {v}|seated at the {v}|in the {v} section"),
    field(MEALS, "meal occasion meal_type", choice(MEALS), "for {v}|to have {v}|for a {v}|where we will have {v}|to eat {v}|the meal being {v}|for the {v} menu|to enjoy {v}"),
    field("boolean", "high_chair child_seat needs_high_chair highChair", None, "with a high chair / without a high chair|with a child seat / without a child seat|with a high chair please / without a high chair please|with a chair for a baby / with no chair for a baby|with a seat for a toddler / with no seat for a toddler|high chair needed / no high chair needed|including a high chair / not including a high chair|a child seat is needed / a child seat is not needed"),
]
JOB_ADVERT = [
    field("string", "title position job_title jobTitle role", same(lambda r: f"{r.choice(['junior', 'lead', 'chief', 'technical', 'regional'])} {r.choice(['engineer', 'accountant', 'designer', 'nurse', 'baker', 'driver', 'teacher', 'analyst'])}"), "The job of {v}|The position of {v}|The open position {v}|We are hiring a {v}. The job|The vacancy for a {v}|The advert for a {v}|Wanted: {v}. The job|The role of {v}"),
    field("string", "company employer firm companyName", same(BRAND), "is offered by {v}|is with {v}|was posted by {v}|is a job at {v}|comes from the company {v}|is open at {v}|was advertised by {v}|has the employer {v}"),
    field("string", "city location workplace job_location", same(W.city), "is in {v}|is based in {v}|is located in {v}|has its office in {v}|means working in {v}|takes you to {v}|has the workplace {v}|requires living near {v}"),
    field("integer", "salary pay yearly_salary annualSalary", same(lambda r: r.randint(20, 190) * 1000 + r.choice([0, 0, 500])), "pays {v} a year|comes with a salary of {v}|offers {v} dollars per year|has a yearly salary of {v}|is paid with {v} euros|earns you {v} a year|brings in {v} annually|starts at a salary of {v}"),
    field("number", "hours weekly_hours hours_per_week hoursPerWeek", same(lambda r: r.choice([r.randint(8, 48), float(f"{r.randint(8, 47)}.5")])), "is for {v} hours a week|takes {v} hours per week|has {v} weekly hours|means {v} hours of work a week|asks for {v} hours a week|fills {v} hours each week|comes with a {v} hour week|is set at {v} hours weekly"),
    field(CONTRACT_KINDS, "contract contract_type employment contractType", choice(CONTRACT_KINDS), "is {v}|comes with a {v} contract|is a {v} job|has a {v} contract|is offered as {v}|is {v} work|gives you a {v} contract|is marked as {v}"),
    field("boolean", "remote is_remote home_office allowsRemote", None, "is remote / is not remote|can be done from home / cannot be done from home|allows working from home / does not allow working from home|offers remote work / offers no remote work|lets you work remotely / does not let you work remotely|is a remote job / is an office job|needs no presence in the office / needs presence in the office|has a home office option / has no home office option"),
    field("list", "skills requirements needed_skills", several(THING), "asks for experience with {v}|requires knowledge of {v}|needs someone who knows {v}|demands skills in {v}|is about {v}|requires {v}|lists the skills {v}|expects you to know {v}"),
]
ALBUM = [
    field("string", "title album name album_title", same(TITLE), "The album {v}|The record {v}|We listened to {v}. It|My favorite album {v}|The album called {v}|I bought the album {v}. It|The LP {v}|The new album {v}"),
    field("string", "artist band musician recorded_by", same(person), "is by {v}|was recorded by {v}|is the work of {v}|is sung by {v}|was made by {v}|comes from {v}|features the voice of {v}|is an album of {v}"),
    field("integer", "year release_year releaseYear", same(lambda r: r.randint(1950, 2026)), "is from {v}|came out in {v}|was released in {v}|dates from {v}|appeared in {v}|was first sold in {v}|hit the stores in {v}|was published in the year {v}"),
    field("integer", "tracks songs track_count trackCount", same(lambda r: r.randint(4, 30)), "has {v} tracks|contains {v} songs|consists of {v} songs|comes with {v} tracks|holds {v} pieces|offers {v} songs|is made up of {v} tracks|counts {v} songs"),
    field("number", "minutes length playing_time playingTime", same(lambda r: r.choice([r.randint(18, 95), float(f"{r.randint(18, 94)}.{r.randint(1, 9)}")])), "lasts {v} minutes|plays for {v} minutes|runs for {v} minutes|is {v} minutes long|has a playing time of {v} minutes|takes {v} minutes to hear|fills {v} minutes|goes on for {v} minutes"),
    field(RECORD_STYLES, "genre style music_style", choice(RECORD_STYLES), "is {v}|belongs to the genre {v}|is a {v} album|is full of {v}|is filed under {v}|has a {v} sound|is pure {v}|counts as {v}"),
    field(RECORD_FORMATS, "format medium sold_as", choice(RECORD_FORMATS), "is sold as {v}|was bought as {v}|comes as {v}|is in the format {v}|was issued as {v}|is out on {v}|can be had as {v}|is stored as {v}"),
    field("boolean", "live is_live live_recording isLive", None, "is live / is not live|was recorded live / was not recorded live|is a live recording / is a studio recording|was taped on stage / was not taped on stage|was recorded in front of people / was not recorded in front of people|has applause in it / has no applause in it|is a concert recording / is not a concert recording|was made on tour / was made in the studio"),
]
TRANSFER = [
    field("string", "recipient to payee receiver", same(person), "Send money to {v}|Transfer money to {v}|Make a transfer to {v}|Please wire money to {v}|I want to pay {v}|A bank transfer to {v}|Set up a payment to {v}|We have to pay {v}"),
    field("number", "amount sum value transferAmount", same(amount), "in the amount of {v}|with a sum of {v}|for {v} in total|over {v}|worth {v}|amounting to {v}|the amount being {v}|exactly {v}"),
    field(MONIES, "currency currency_code currencyCode", choice(MONIES), "in {v}|in the currency {v}|using {v}|paid in {v}|with {v} as the currency|currency {v}|booked in {v}|the currency being {v}"),
    field("string", "account from_account source_account fromAccount", same(W.code), "from the account {v}|taken from account {v}|out of my account {v}|charged to account {v}|debited from {v}|using the account {v}|from account number {v}|with {v} as the source account"),
    field("date", "date execution_date executionDate day", day, "on {v}|to be executed on {v}|on the date {v}|dated {v}|with the execution on {v}|to be booked on {v}|scheduled for {v}|not before {v}"),
    field(TRANSFER_REASONS, "purpose reason category", choice(TRANSFER_REASONS), "for the {v}|as {v}|because of the {v}|as a payment of {v}|with the purpose {v}|for {v}|marked as {v}|to cover the {v}"),
    field("string", "reference note message", same(lambda r: W.word(r)), "with the reference {v}|with the note {v}|reference {v}|with the message {v}|carrying the note {v}|with {v} as the reference|with {v} in the subject|with the text {v}"),
    field("boolean", "instant urgent is_instant isInstant", None, "as an instant transfer / as a normal transfer|made instantly / not made instantly|instantly / not instantly|right away / with no hurry|as an urgent payment / as a payment that is not urgent|marked as urgent / not marked as urgent|with instant delivery / without instant delivery|in express mode / not in express mode"),
]
SUPPORT_TICKET = [
    field("string", "id ticket ticket_number ticketNumber", same(W.code), "The ticket {v}|Ticket {v}|The support ticket {v}|The request {v}|We received ticket {v}. It|The case {v}|The ticket with the number {v}|The support case {v}"),
    field("string", "customer client reporter customerName", same(person), "is from {v}|was opened by {v}|was sent by {v}|comes from the customer {v}|was filed by {v}|belongs to the customer {v}|was written by {v}|was submitted by {v}"),
    field("string", "agent assignee assigned_to assignedTo", same(W.name), "is handled by {v}|is assigned to {v}|was given to {v}|is on the desk of {v}|is being worked on by {v}|has {v} as its agent|was passed on to {v}|is looked after by {v}"),
    field(TICKET_TOPICS, "topic category subject", choice(TICKET_TOPICS), "is about {v}|concerns {v}|deals with {v}|describes a {v} problem|belongs to the category {v}|is filed under {v}|asks about {v}|has the topic {v}"),
    field(LEVELS, "priority urgency ticket_priority", choice(LEVELS), "has {v} priority|is of {v} priority|was given {v} priority|has a {v} urgency|carries the priority {v}|is treated with {v} priority|is ranked as {v} priority|has its priority set to {v}"),
    field(TICKET_STATES, "status state ticket_status", choice(TICKET_STATES), "is {v}|is marked as {v}|has the status {v}|is currently {v}|is now {v}|is in the state {v}|is shown as {v}|counts as {v}"),
    field("date", "opened created opening_date createdAt", day, "was opened on {v}|came in on {v}|was created on {v}|has been waiting since {v}|arrived on {v}|dates from {v}|was received on {v}|was logged on {v}"),
    field("boolean", "refund wants_refund refund_requested", None, "asks for a refund / does not ask for a refund|demands the money back / does not demand the money back|includes a refund request / includes no refund request|requests a refund / requests no refund|wants a refund / wants no refund|calls for a refund / does not call for a refund|is a refund case / is not a refund case|mentions a refund / does not mention a refund"),
]
BUG_SEVERITIES, SYSTEMS = ["minor", "major", "critical", "blocker"], ["windows", "linux", "macos", "android"]
SKIES, WIND_SIDES = ["sunny", "cloudy", "rainy", "snowy", "foggy"], ["north", "east", "south", "west"]
FLAT_KINDS, HEATINGS = ["studio", "loft", "penthouse", "duplex"], ["gas", "oil", "electric", "solar"]
SPORTS, MATCH_RESULTS = ["football", "basketball", "hockey", "tennis", "volleyball"], ["win", "loss", "draw"]
LESSONS, COURSE_GRADES = ["math", "history", "chemistry", "art", "geography"], ["beginner", "intermediate", "advanced"]
EXAM_KINDS, EXAM_MARKS = ["written", "oral", "practical"], ["A", "B", "C", "D", "F"]

BUG = [
    field("string", "id bug bug_id issue", same(W.code), "The bug {v}|Bug {v}|The bug report {v}|Issue {v}|The issue {v}|Somebody filed {v}. It|The defect {v}|I just reported {v}. It"),
    field("string", "component module part affected_part", same(lambda r: W.word(r)), "is in the component {v}|affects the module {v}|sits in {v}|was found in the {v} part|breaks the {v} module|concerns the component {v}|comes from the {v} code|is located in {v}"),
    field(BUG_SEVERITIES, "severity level bug_severity", choice(BUG_SEVERITIES), "is {v}|has the severity {v}|is rated as {v}|counts as {v}|was classified as {v}|is of {v} severity|is considered {v}|was marked {v}"),
    field(SYSTEMS, "system os platform operating_system", choice(SYSTEMS), "happens on {v}|appears on {v}|occurs under {v}|was seen on {v}|shows up on {v}|only hits {v} users|can be reproduced on {v}|is a problem on {v}"),
    field("string", "version affected_version affectedVersion release", same(lambda r: f"{r.randint(0, 12)}.{r.randint(0, 20)}.{r.randint(0, 9)}"), "exists in version {v}|came with version {v}|affects release {v}|was introduced in {v}|is present in version {v}|has been there since {v}|started with release {v}|was noticed in version {v}"),
    field("string", "reporter reported_by finder reportedBy", same(person), "was reported by {v}|was found by {v}|was discovered by {v}|was filed by {v}|has the reporter {v}|was noticed by {v}|came up in the tests of {v}|was described by {v}"),
    field("date", "reported report_date reportedOn date", day, "was reported on {v}|dates from {v}|was filed on {v}|was found on {v}|was entered on {v}|was first seen on {v}|has been known since {v}|was opened on {v}"),
    field("boolean", "fixed is_fixed resolved isResolved", None, "is fixed / is not fixed|has been fixed / has not been fixed|is resolved / is unresolved|was repaired / was not repaired|is gone now / is still there|has a fix / has no fix|is already fixed / is not fixed yet|has been taken care of / has not been taken care of"),
]
WEATHER = [
    field("string", "city place location town", same(W.city), "The forecast for {v}|The weather report for {v}|The weather forecast for {v}|The report from {v}|The outlook for {v}|We checked the weather in {v}. The report|The weather bulletin for {v}|The weather data from {v}"),
    field("number", "temperature degrees temp temperature_celsius", same(lambda r: r.choice([r.randint(-25, 42), r.randint(-25, 42), float(f"{r.randint(-20, 40)}.{r.randint(1, 9)}")])), "shows {v} degrees|gave a temperature of {v}|predicted {v} degrees|had {v} degrees|mentioned {v} degrees|listed a temperature of {v} degrees|spoke of {v} degrees|showed {v} degrees celsius"),
    field("integer", "humidity air_humidity humidity_percent", same(lambda r: r.randint(5, 100)), "gave a humidity of {v} percent|showed {v} percent humidity|listed {v} percent humidity|had the humidity at {v} percent|put the humidity at {v}|mentioned a humidity of {v} percent|told of {v} percent humidity|included a humidity of {v}"),
    field(SKIES, "sky condition weather conditions", choice(SKIES), "said it is {v}|had {v} skies|spoke of {v} weather|called it {v}|announced {v} weather|described the day as {v}|showed a {v} day|promised a {v} day"),
    field("number", "wind wind_speed windSpeed", same(lambda r: r.choice([r.randint(0, 120), float(f"{r.randint(0, 119)}.{r.randint(1, 9)}")])), "had wind at {v} km/h|gave a wind speed of {v}|showed wind of {v} kilometers per hour|warned of {v} km/h of wind|measured wind at {v} km/h|reported winds of {v} km/h|listed the wind at {v}|told of gusts of {v} km/h"),
    field(WIND_SIDES, "wind_direction direction windDirection wind_from", choice(WIND_SIDES), "had the wind from the {v}|showed wind from the {v}|spoke of a {v} wind|saw the wind coming from the {v}|gave the wind direction as {v}|mentioned wind out of the {v}|put the wind in the {v}|listed {v} as the wind direction"),
    field("date", "date day report_date forecastDate", day, "is for {v}|was made for {v}|covers {v}|is dated {v}|applies to {v}|describes {v}|is valid on {v}|was written for the day {v}"),
    field("boolean", "storm storm_warning has_warning stormWarning", None, "warned of a storm / did not warn of a storm|had a storm warning / had no storm warning|announced a storm / announced no storm|came with a storm warning / came without a storm warning|expected a storm / expected no storm|included a storm alert / included no storm alert|saw a storm coming / saw no storm coming|mentioned a storm / mentioned no storm"),
]
APARTMENT = [
    field("string", "address street street_address streetAddress", same(STREET), "The apartment at {v}|The flat at {v}|For rent: {v}. The flat|We looked at {v}. The apartment|The rental at {v}|Our apartment at {v}|The flat we saw at {v}|The rental apartment at {v}"),
    field("integer", "floor storey floor_number floorNumber", same(lambda r: r.randint(1, 40)), "is on floor {v}|is on level {v}|can be reached on floor {v}|sits on floor {v}|lies on floor {v} of the building|is found on storey {v}|has the floor number {v}|is up on floor {v}"),
    field("integer", "bedrooms bedroom_count number_of_bedrooms bedroomCount", same(lambda r: r.randint(2, 8)), "has {v} bedrooms|offers {v} bedrooms|comes with {v} bedrooms|includes {v} bedrooms|is laid out with {v} bedrooms|counts {v} bedrooms|features {v} bedrooms|provides {v} bedrooms"),
    field("number", "rent monthly_rent price monthlyRent", same(amount), "costs {v} a month|rents for {v} dollars|has a monthly rent of {v}|is priced at {v} per month|goes for {v} euros a month|is to be had for {v} monthly|asks for {v} in rent|is listed at {v} a month"),
    field("number", "deposit security_deposit depositAmount", same(amount), "needs a deposit of {v}|asks for a deposit of {v}|requires {v} as a deposit|comes with a deposit of {v} euros|has a security deposit of {v}|wants {v} dollars as security|takes a {v} dollar deposit|calls for {v} in deposit"),
    field(FLAT_KINDS, "kind type apartment_type apartmentType", choice(FLAT_KINDS), "is a {v}|is described as a {v}|is advertised as a {v}|counts as a {v}|is listed as a {v}|is of the type {v}|was built as a {v}|is really a {v}"),
    field(HEATINGS, "heating heating_type heatingType", choice(HEATINGS), "has {v} heating|is heated with {v} energy|uses {v} heating|comes with {v} heating|is kept warm by {v} heating|relies on {v} heating|is fitted with {v} heating|has the heating type {v}"),
    field("boolean", "furnished is_furnished isFurnished", None, "is furnished / is not furnished|comes furnished / comes unfurnished|is rented with furniture / is rented without furniture|has furniture / has no furniture|includes the furniture / does not include the furniture|is fully furnished / is empty of furniture|is offered with furniture / is offered without furniture|has beds and tables in it / has no furniture in it"),
]
MATCH = [
    field("string", "team club team_name teamName", same(BRAND), "{v}|The team {v}|Our team {v}|The club {v}|We cheered for {v}. The team|The side {v}|The squad {v}|The home team {v}"),
    field("string", "opponent rival other_team otherTeam", same(BRAND), "played against {v}|met {v}|faced {v}|had {v} as the opponent|took on {v}|was up against {v}|competed with {v}|hosted the visitors from {v}"),
    field("integer", "goals points_scored own_score ownScore", same(lambda r: r.randint(2, 120)), "scored {v} points|made {v} points|reached a score of {v}|got {v} points|put {v} points on the board|ended with {v} points|came to {v} points|collected {v} points"),
    field("integer", "goals_against points_against opponent_score opponentScore", same(lambda r: r.randint(2, 120)), "let the opponent score {v}|allowed {v} points|gave away {v} points|conceded {v}|let in {v}|had {v} points scored against it|took {v} points from the other side|saw the opponent get {v}"),
    field(SPORTS, "sport game kind_of_sport", choice(SPORTS), "played {v}|is in the {v} league|competed in {v}|showed its skill in {v}|was busy with {v}|appeared in a {v} match|had a game of {v}|took part in a {v} game"),
    field(MATCH_RESULTS, "result outcome match_result", choice(MATCH_RESULTS), "had a {v}|ended with a {v}|left with a {v}|came home with a {v}|got a {v}|recorded a {v}|finished with a {v}|walked off with a {v}"),
    field("integer", "spectators crowd attendance audience", same(lambda r: r.randint(20, 90000)), "drew {v} spectators|had {v} fans watching|played in front of {v} people|attracted {v} spectators|was seen by {v} people|had a crowd of {v}|was watched by {v} fans|brought {v} people to the stands"),
    field("date", "date match_date matchDate day", day, "played on {v}|was on the field on {v}|had its match on {v}|met the rival on {v}|took the field on {v}|was in action on {v}|started the game on {v}|appeared on {v}"),
]
SCHOOL_COURSE = [
    field("string", "name course title course_name", same(lambda r: f"{r.choice(['Introduction to', 'Basics of', 'Topics in', 'History of', 'Practice of'])} {THING(r)}"), "The course {v}|The class {v}|I signed up for {v}. The course|My course {v}|The new course {v}|The lecture {v}|Our class {v}|The seminar {v}"),
    field("string", "teacher instructor taught_by lecturer", same(person), "is taught by {v}|is given by {v}|has the teacher {v}|is held by {v}|is led by {v}|is run by {v}|was set up by {v}|has {v} as its teacher"),
    field(LESSONS, "subject field department", choice(LESSONS), "belongs to {v}|is part of {v}|is a {v} course|counts toward {v}|is offered in {v}|is listed under {v}|is from the {v} department|teaches {v}"),
    field(COURSE_GRADES, "level grade course_level courseLevel", choice(COURSE_GRADES), "is for {v} students|is at the {v} level|is on the level {v}|has the level {v}|suits {v} learners|is aimed at the {v} level|is meant for {v} learners|is of {v} difficulty"),
    field("integer", "students places class_size classSize", same(lambda r: r.randint(4, 300)), "has {v} students|takes {v} students|has room for {v} students|is attended by {v} people|counts {v} participants|has a class size of {v}|is open to {v} participants|fills up at {v} students"),
    field("number", "fee price course_fee courseFee", same(amount), "costs {v} dollars|has a fee of {v}|is priced at {v}|asks for a fee of {v} euros|comes at {v}|takes a course fee of {v}|is charged at {v} dollars|is offered for {v} euros"),
    field("date", "start start_date starts_on startDate", day, "starts on {v}|begins on {v}|opens on {v}|has its first lesson on {v}|kicks off on {v}|runs from {v}|gets going on {v}|has its first class on {v}"),
    field("boolean", "online is_online held_online isOnline", None, "is online / is in the classroom|is held online / is held on site|takes place online / takes place in person|is an online course / is not an online course|can be followed online / cannot be followed online|happens over the internet / happens at school|needs no classroom / needs a classroom|is taught over video / is not taught over video"),
]
EXAM = [
    field("string", "student name candidate studentName", same(person), "{v}|The student {v}|The candidate {v}|Our student {v}|A student called {v}|We tested {v}. The student|The exam taker {v}|The pupil {v}"),
    field(LESSONS, "subject exam topic exam_subject", choice(LESSONS), "took the {v} exam|was tested in {v}|sat the exam in {v}|did a test in {v}|wrote the {v} test|had an exam in {v}|was examined in {v}|went to the {v} exam"),
    field("integer", "points score points_reached score_points", same(lambda r: r.randint(2, 200)), "got {v} points|scored {v}|reached {v} points|earned {v} points|ended up with {v} points|collected {v} points|made {v} points|was given {v} points"),
    field(EXAM_MARKS, "grade mark final_grade finalGrade", choice(EXAM_MARKS), "got the grade {v}|received the grade {v}|was graded {v}|ended with the grade {v}|was given the mark {v}|left with a grade of {v}|earned the grade {v}|has the mark {v}"),
    field(EXAM_KINDS, "kind exam_type form examType", choice(EXAM_KINDS), "had the {v} version|chose the {v} form|went through the {v} part|did the {v} variant|took the {v} type|was examined in the {v} form|picked the {v} way|was assessed in {v} form"),
    field("number", "percent percentage correct_percent result_percent", same(lambda r: r.choice([r.randint(1, 100), float(f"{r.randint(1, 99)}.{r.randint(1, 9)}")])), "got {v} percent right|answered {v} percent correctly|reached {v} percent|has a result of {v} percent|came in at {v} percent|managed {v} percent|solved {v} percent of it|had {v} percent correct"),
    field("date", "date exam_date examDate day", day, "took it on {v}|was examined on {v}|sat for it on {v}|was tested on {v}|came to the exam on {v}|handed in the paper on {v}|had the exam day on {v}|was in the exam room on {v}"),
    field("boolean", "passed has_passed isPassed success", None, "passed / did not pass|has passed / has failed|has made it / has not made it|was successful / was not successful|passed the test / failed the test|did well enough / did not do well enough|need not repeat it / must repeat it|was let through / was not let through"),
]
VISIT_REASONS, CLINIC_FIELDS = ["checkup", "vaccination", "headache", "cough", "rash"], ["dentistry", "dermatology", "cardiology", "radiology"]
MEDICINE_FORMS, INTAKES = ["tablet", "capsule", "syrup", "cream", "spray"], ["morning", "noon", "evening", "night"]
SKY_BODIES, CLIMATES = ["planet", "star", "moon", "comet", "dwarf"], ["hot", "cold", "mild", "frozen"]
DIETS, HABITATS = ["herbivore", "carnivore", "scavenger"], ["savanna", "jungle", "desert", "ocean", "tundra"]
ART_KINDS, MATERIALS = ["painting", "sculpture", "photograph", "drawing", "vase"], ["bronze", "marble", "wood", "canvas", "clay"]
STAGE_STYLES, TICKET_KINDS = ["rock", "jazz", "classical", "blues", "techno"], ["standing", "seated", "balcony", "backstage"]

APPOINTMENT = [
    field("string", "patient name patient_name patientName", same(person), "Book an appointment for {v}|Make an appointment for {v}|I need an appointment for {v}|We have an appointment for {v}|Please schedule a visit for {v}|A doctor's appointment for {v}|Put {v} down for a visit|A medical appointment for {v}"),
    field("string", "doctor physician with_doctor doctorName", same(lambda r: "Dr. " + W.name(r)), "with {v}|at the practice of {v}|to see {v}|with the doctor {v}|in the office of {v}|seeing {v}|the doctor being {v}|in the care of {v}"),
    field("date", "date day appointment_date appointmentDate", day, "on {v}|for {v}|on the date {v}|on the day {v}|scheduled on {v}|set for {v}|coming in on {v}|the date being {v}"),
    field("string", "time hour start_time startTime", same(W.clock), "at {v}|starting at {v}|at the time {v}|beginning at {v}|around {v}|at {v} sharp|the time being {v}|arriving by {v}"),
    field("integer", "minutes duration length duration_minutes", same(lambda r: r.randint(5, 120)), "for {v} minutes|lasting {v} minutes|taking {v} minutes|with {v} minutes of time|planned for {v} minutes|with a length of {v} minutes|blocking {v} minutes|of {v} minutes"),
    field(VISIT_REASONS, "reason complaint visit_reason visitReason", choice(VISIT_REASONS), "for a {v}|because of a {v}|about a {v}|due to a {v}|with a {v} as the reason|the reason being a {v}|regarding a {v}|concerning a {v}"),
    field(CLINIC_FIELDS, "department specialty clinic", choice(CLINIC_FIELDS), "in {v}|in the {v} department|at the {v} clinic|in the department of {v}|over in {v}|with the {v} team|on the {v} ward|at the {v} desk"),
    field("boolean", "first_visit new_patient is_first_visit firstVisit", None, "as a first visit / as a return visit|as a new patient / as a known patient|for the first time / not for the first time|coming as a new patient / not coming as a new patient|on a first visit / on a follow-up visit|the first visit here / not the first visit here|never seen there before / already seen there before|without an earlier visit / with an earlier visit"),
]
MEDICINE = [
    field("string", "name medicine drug medicine_name", same(BRAND), "The medicine {v}|The drug {v}|{v}|The doctor gave me {v}. It|My medicine {v}|The product {v}|The remedy {v}|The prescription drug {v}"),
    field("string", "substance active_substance ingredient activeSubstance", same(lambda r: W.word(r)), "contains {v}|has the active substance {v}|works through {v}|is based on {v}|is made from {v}|has {v} in it|acts by means of {v}|holds the substance {v}"),
    field("number", "dose dosage milligrams dose_mg", same(lambda r: r.choice([r.randint(2, 1000), float(f"{r.randint(0, 50)}.{r.choice([5, 25, 75])}")])), "has {v} milligrams|comes in a dose of {v} mg|is dosed at {v} mg|contains {v} mg per unit|has a strength of {v} milligrams|is taken at {v} mg|holds {v} mg|is given in doses of {v} mg"),
    field(MEDICINE_FORMS, "form dosage_form dosageForm shape", choice(MEDICINE_FORMS), "is a {v}|comes as a {v}|is sold as a {v}|is taken as a {v}|has the form of a {v}|is given as a {v}|is available as a {v}|is made as a {v}"),
    field("integer", "times_per_day daily_doses doses_per_day timesPerDay", same(lambda r: r.randint(2, 8)), "is taken {v} times a day|must be taken {v} times per day|is used {v} times daily|is needed {v} times a day|should be taken {v} times a day|has to be given {v} times daily|is prescribed {v} times per day|is swallowed {v} times each day"),
    field(INTAKES, "time_of_day taken_at intake_time intakeTime", choice(INTAKES), "is taken around {v}|has its time in the {v}|belongs to the {v} hours|has {v} as its time of day|is the {v} dose|is part of the {v} routine|is meant for the {v}|is given with the {v} round"),
    field("date", "expires expiry_date best_before expiryDate", day, "expires on {v}|is good until {v}|can be used up to {v}|has the expiry date {v}|goes out of date on {v}|must not be used after {v}|lasts until {v}|runs out on {v}"),
    field("boolean", "prescription needs_prescription prescription_required", None, "needs a prescription / needs no prescription|is only given on prescription / is sold without prescription|requires a prescription / does not require a prescription|must be prescribed / need not be prescribed|has to be prescribed by a doctor / can be bought by anyone|cannot be bought freely / can be bought freely|is a prescription drug / is not a prescription drug|is sold on prescription only / is sold over the counter"),
]
PLANET = [
    field("string", "name body object planet", same(BRAND), "{v}|The astronomers found {v}. It|The object {v}|The heavenly body {v}|The world {v}|The newly found {v}|We looked at {v} through the telescope. It|The body known as {v}"),
    field(SKY_BODIES, "type kind body_type bodyType", choice(SKY_BODIES), "is a {v}|is classed as a {v}|counts as a {v}|is listed as a {v}|is of the type {v}|was found to be a {v}|is known as a {v}|turned out to be a {v}"),
    field("integer", "moons moon_count number_of_moons moonCount", same(lambda r: r.randint(2, 90)), "has {v} moons|is circled by {v} moons|owns {v} moons|is orbited by {v} moons|counts {v} moons|comes with {v} moons|holds {v} moons in orbit|is surrounded by {v} moons"),
    field("number", "distance light_years distance_light_years distanceLightYears", same(lambda r: r.choice([r.randint(2, 9000), float(f"{r.randint(1, 900)}.{r.randint(1, 9)}")])), "is {v} light years away|lies {v} light years from us|is at a distance of {v} light years|sits {v} light years away|is found {v} light years off|has a distance of {v} light years|is seen from {v} light years away|shines from {v} light years off"),
    field("integer", "diameter size diameter_km diameterKm", same(lambda r: r.randint(200, 300000)), "has a diameter of {v} kilometers|is {v} kilometers across|measures {v} kilometers in diameter|is {v} km wide|has a diameter of {v} km|spans {v} kilometers|stretches {v} km from side to side|reaches {v} kilometers across"),
    field("number", "year_length orbit_days orbital_period orbitalPeriod", same(lambda r: r.choice([r.randint(2, 4000), float(f"{r.randint(2, 900)}.{r.randint(1, 9)}")])), "needs {v} days for an orbit|circles in {v} days|has an orbit of {v} days|goes around once in {v} days|takes {v} days to go around|has a year of {v} days|completes its path in {v} days|has an orbital period of {v} days"),
    field(CLIMATES, "climate temperature_class surface", choice(CLIMATES), "is {v}|has a {v} surface|is described as {v}|has a {v} climate|is rather {v}|is {v} on the surface|is thought to be {v}|has {v} ground"),
    field("boolean", "rings has_rings ringed hasRings", None, "has rings / has no rings|is ringed / is not ringed|wears a ring / wears no ring|shows rings / shows no rings|is surrounded by rings / is not surrounded by rings|carries a ring system / carries no ring system|has a ring around it / has no ring around it|comes with rings / comes without rings"),
]
ZOO_ANIMAL = [
    field("string", "species animal name animal_name", same(lambda r: r.choice(["lion", "zebra", "giraffe", "panda", "otter", "penguin", "tapir", "lemur", "camel", "flamingo", "gorilla", "tiger", "jaguar", "walrus"])), "The {v}|The {v} in our zoo|We saw the {v} at the zoo. It|The {v} of the zoo|The zoo's {v}|The visitors like the {v}. It|The {v} species|Our zoo shows the {v}. It"),
    field("string", "keeper caretaker zookeeper cared_for_by", same(person), "is looked after by {v}|is fed by {v}|has the keeper {v}|is in the care of {v}|is tended by {v}|knows the keeper {v}|is kept by {v}|is trained by {v}"),
    field("integer", "count population number_of_animals animalCount", same(lambda r: r.randint(2, 200)), "lives there in a group of {v}|is kept in a group of {v}|has {v} members in the zoo|is present with {v} animals|counts {v} animals|numbers {v}|is shown with {v} animals|is found there as a herd of {v}"),
    field(DIETS, "diet feeding_type diet_type", choice(DIETS), "is a {v}|eats like a {v}|is classed as a {v}|is listed as a {v}|counts as a {v}|has the diet {v}|is fed as a {v}|lives as a {v}"),
    field(HABITATS, "habitat home_region environment", choice(HABITATS), "comes from the {v}|lives in the {v} in nature|is at home in the {v}|has the {v} as its habitat|belongs to the {v}|is found in the {v}|is native to the {v}|roams the {v}"),
    field("number", "weight weight_kg weightKg average_weight", same(amount), "weighs {v} kilograms|has a weight of {v} kg|weighs in at {v} kg|reaches {v} kilograms|comes to {v} kg|grows to {v} kilograms|tips the scale at {v} kg|has an average weight of {v}"),
    field("list", "food favorite_food feed eats", several(THING, 1, 3), "eats {v}|is fed with {v}|gets {v} to eat|likes to eat {v}|is given {v}|lives on {v}|has {v} for food|receives {v} as feed"),
    field("boolean", "endangered is_endangered threatened isEndangered", None, "is endangered / is not endangered|is threatened / is not threatened|is at risk of dying out / is not at risk of dying out|is on the red list / is not on the red list|is an endangered species / is not an endangered species|may soon be extinct / is safe from extinction|needs protection / needs no protection|is rare in nature / is common in nature"),
]
EXHIBIT = [
    field("string", "title name exhibit work", same(TITLE), "The exhibit {v}|The work {v}|We admired {v} at the museum. It|The museum piece {v}|The piece {v}|The object called {v}|The museum shows {v}. It|The artwork {v}"),
    field("string", "artist maker created_by artistName", same(person), "was made by {v}|is by {v}|is a work of {v}|was created by {v}|comes from the hand of {v}|was signed by {v}|is credited to {v}|has the artist {v}"),
    field(ART_KINDS, "kind type object_type objectType", choice(ART_KINDS), "is a {v}|is shown as a {v}|is listed as a {v}|counts as a {v}|is catalogued as a {v}|was acquired as a {v}|is of the type {v}|was labeled a {v}"),
    field(MATERIALS, "material made_of medium", choice(MATERIALS), "is of {v}|was done in {v}|is made of {v}|uses {v}|consists of {v}|was worked in {v}|has {v} as its material|was crafted from {v}"),
    field("integer", "year created year_made yearMade", same(lambda r: r.randint(900, 2026)), "is from {v}|was created in {v}|dates from {v}|was made in {v}|was finished in {v}|goes back to {v}|was completed in the year {v}|has the date {v} on it"),
    field("integer", "hall room hall_number hallNumber", same(lambda r: r.randint(2, 80)), "is in hall {v}|stands in hall {v}|is shown in room {v}|can be seen in hall {v}|hangs in room {v}|is placed in hall {v}|is found in room {v}|is on display in hall {v}"),
    field("number", "insured_value value price insuredValue", same(amount), "is worth {v} dollars|is insured for {v}|is valued at {v} euros|has an insured value of {v}|was bought for {v} dollars|carries a value of {v}|was estimated at {v}|is priced at {v} by experts"),
    field("boolean", "on_loan borrowed is_on_loan isLoan", None, "is on loan / is not on loan|was lent to the museum / belongs to the museum|is borrowed / is not borrowed|is a loan / is not a loan|has to be given back / need not be given back|is owned by somebody else / is owned by the museum|is only lent / is in the museum's own collection|comes from a lender / does not come from a lender"),
]
CONCERT = [
    field("string", "artist band performer act", same(BRAND), "The concert of {v}|The show of {v}|The gig of {v}|We are going to see {v}. The concert|The performance by {v}|The concert by {v}|The tour stop of {v}|I have tickets for {v}. The concert"),
    field("string", "city place venue_city location", same(W.city), "is in {v}|takes place in {v}|will be held in {v}|happens in {v}|brings music to {v}|is staged in {v}|is set in {v}|is on in {v}"),
    field("date", "date concert_date concertDate day", day, "is on {v}|takes place on {v}|is planned for {v}|happens on {v}|is set for {v}|was moved to {v}|will be on {v}|falls on {v}"),
    field("string", "doors doors_open start_time startTime", same(W.clock), "starts at {v}|begins at {v}|opens its doors at {v}|gets going at {v}|kicks off at {v}|has the doors open at {v}|is to start at {v}|is timed for {v}"),
    field("number", "price ticket_price entry_fee ticketPrice", same(amount), "costs {v} dollars|has tickets for {v}|asks for {v} euros at the door|is priced at {v}|has an entry fee of {v}|charges {v} dollars for a ticket|sells tickets at {v}|comes to {v} per ticket"),
    field(STAGE_STYLES, "style genre music", choice(STAGE_STYLES), "offers {v} music|is {v}|is a {v} show|is all about {v}|is filled with {v}|is for fans of {v}|brings {v} to the stage|has the style {v}"),
    field(TICKET_KINDS, "ticket_type area seat_type ticketType", choice(TICKET_KINDS), "has {v} tickets left|is booked with {v} tickets|offers {v} places|still sells {v} tickets|is for the {v} area|comes with {v} places|has only {v} tickets|can be seen from the {v} area"),
    field("boolean", "sold_out is_sold_out soldOut", None, "is sold out / is not sold out|has no tickets left / still has tickets|is fully booked / is not fully booked|has been sold out / has not been sold out|cannot be booked any more / can still be booked|has run out of tickets / has tickets for sale|is full / is not full|has no free places / has free places"),
]
PARCEL_STATES, CARRIER_MODES = ["packed", "shipped", "delayed", "delivered"], ["truck", "plane", "ship", "bicycle"]
COMPUTER_KINDS, COMPUTER_SYSTEMS = ["laptop", "desktop", "tablet", "server"], ["windows", "linux", "macos"]
NETWORKS = ["3g", "4g", "5g"]
CITY_SEASONS, TERRAINS = ["spring", "summer", "autumn", "winter"], ["coast", "plain", "valley", "forest"]
WATERS, FLOW_SIDES = ["clean", "muddy", "polluted", "salty"], ["north", "south", "east", "west"]
ROCKS, CLIMB_GRADES = ["granite", "limestone", "basalt", "sandstone"], ["easy", "moderate", "hard", "extreme"]

PACKAGE = [
    field("string", "tracking_number package parcel trackingNumber", same(W.code), "The package {v}|The parcel {v}|Parcel {v}|The delivery {v}|I am waiting for {v}. The parcel|The shipment {v}|The package with the number {v}|My parcel {v}"),
    field("string", "sender from shipper sent_by", same(person), "is from {v}|was sent by {v}|comes from {v}|was mailed by {v}|was posted by {v}|has the sender {v}|was handed in by {v}|was packed by {v}"),
    field("string", "recipient receiver addressee deliver_to", same(person), "is for {v}|goes to {v}|is addressed to {v}|is meant for {v}|will be received by {v}|must be handed to {v}|has the recipient {v}|should reach {v}"),
    field("number", "weight weight_kg weightKg", same(amount), "weighs {v} kilograms|has a weight of {v} kg|is {v} kg heavy|comes to {v} kilograms|was weighed at {v} kg|brings {v} kg to the scale|is listed with {v} kilograms|weighs in at {v} kg"),
    field(PARCEL_STATES, "status state delivery_status deliveryStatus", choice(PARCEL_STATES), "is {v}|has the status {v}|is marked as {v}|is now {v}|is reported as {v}|has just been {v}|is shown as {v}|was {v} according to the carrier"),
    field(CARRIER_MODES, "transport mode carried_by", choice(CARRIER_MODES), "travels by {v}|goes by {v}|is moved by {v}|is carried by {v}|is on its way by {v}|is brought by {v}|is transported by {v}|uses the {v}"),
    field("date", "delivery_date expected arrival expectedOn", day, "arrives on {v}|is expected on {v}|should be there on {v}|will be delivered on {v}|is due on {v}|has the delivery date {v}|will come on {v}|is planned to arrive on {v}"),
    field("boolean", "signature needs_signature signature_required", None, "needs a signature / needs no signature|must be signed for / need not be signed for|requires a signature / does not require a signature|is handed over against a signature / is left without a signature|has to be signed at the door / can be left at the door|asks for a signature / asks for no signature|comes with a signature request / comes without a signature request|is to be signed for / is not to be signed for"),
]
COMPUTER = [
    field("string", "model name computer model_name", same(BRAND), "The computer {v}|My computer {v}|The model {v}|We bought the {v}. It|Our office computer {v}|The machine {v}|The new computer {v}|I work on a {v}. It"),
    field("string", "brand maker manufacturer made_by", same(BRAND), "is made by {v}|comes from {v}|was built by {v}|is from the brand {v}|was produced by {v}|has the maker {v}|is a product of {v}|carries the logo of {v}"),
    field(COMPUTER_KINDS, "type kind device_type deviceType", choice(COMPUTER_KINDS), "is a {v}|is sold as a {v}|is used as a {v}|counts as a {v}|is of the type {v}|was designed as a {v}|works as a {v}|is listed as a {v}"),
    field("integer", "memory ram memory_gb memoryGb", same(lambda r: r.choice([2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128])), "has {v} gigabytes of memory|comes with {v} GB of RAM|is fitted with {v} GB of memory|offers {v} gigabytes of RAM|has {v} GB RAM|was upgraded to {v} GB of memory|works with {v} gigabytes of memory|holds {v} GB of RAM"),
    field("number", "screen screen_size inches screenSize", same(lambda r: r.choice([r.randint(9, 34), float(f"{r.randint(9, 33)}.{r.randint(1, 9)}")])), "has a {v} inch screen|has a screen of {v} inches|shows things on {v} inches|comes with a {v} inch display|has a display of {v} inches|measures {v} inches on the screen|is used with a {v} inch monitor|has {v} inches of screen"),
    field(COMPUTER_SYSTEMS, "system os operating_system operatingSystem", choice(COMPUTER_SYSTEMS), "runs {v}|uses {v}|works with {v}|is set up with {v}|has {v} installed|came with {v}|boots into {v}|has the system {v}"),
    field("number", "price cost retail_price retailPrice", same(amount), "costs {v} dollars|has a price of {v}|is sold for {v} euros|was bought for {v}|is priced at {v}|goes for {v} dollars|sells at {v}|can be had for {v} euros"),
    field("boolean", "touchscreen has_touchscreen touch hasTouch", None, "has a touchscreen / has no touchscreen|can be used by touch / cannot be used by touch|comes with a touchscreen / comes without a touchscreen|reacts to touch / does not react to touch|offers touch control / offers no touch control|is touch enabled / is not touch enabled|includes a touchscreen / does not include a touchscreen|lets you tap on the screen / does not let you tap on the screen"),
]
PHONE_CONTRACT = [
    field("string", "customer name holder customerName", same(person), "The phone contract of {v}|The contract of {v}|{v} has a phone contract. It|The mobile plan of {v}|The plan held by {v}|The contract signed by {v}|We made a phone contract for {v}. It|The phone plan of {v}"),
    field("string", "provider company carrier phone_company", same(BRAND), "is with {v}|is from the provider {v}|was made with {v}|is run by {v}|belongs to the network of {v}|is offered by {v}|is served by {v}|comes from the company {v}"),
    field("string", "phone phone_number number phoneNumber", same(PHONE), "has the number {v}|is for the number {v}|covers the phone number {v}|is tied to {v}|uses the phone number {v}|was set up for {v}|runs under the number {v}|goes with the number {v}"),
    field("number", "fee monthly_fee monthly_price monthlyFee", same(amount), "costs {v} a month|has a monthly fee of {v}|is billed at {v} per month|takes {v} dollars each month|comes to {v} euros a month|is priced at {v} monthly|charges {v} a month|is paid with {v} every month"),
    field("integer", "months term contract_months contractMonths", same(lambda r: r.choice([6, 12, 18, 24, 30, 36, 48])), "runs for {v} months|lasts {v} months|has a term of {v} months|is fixed for {v} months|binds the customer for {v} months|is valid for {v} months|goes on for {v} months|was signed for {v} months"),
    field("integer", "data data_gb gigabytes dataVolume", same(lambda r: r.randint(2, 200)), "includes {v} gigabytes of data|has {v} GB of data|offers {v} GB per month|comes with {v} gigabytes|gives {v} GB of data|allows {v} gigabytes of traffic|contains {v} GB of internet|is good for {v} gigabytes"),
    field(NETWORKS, "network network_type technology", choice(NETWORKS), "uses {v}|works on {v}|is for the {v} network|runs on {v}|gives access to {v}|includes {v} speed|supports {v}|is limited to {v}"),
    field("date", "start start_date startDate begins", day, "starts on {v}|began on {v}|is valid from {v}|runs from {v}|was signed on {v}|takes effect on {v}|became active on {v}|has been in force since {v}"),
]
CITY = [
    field("string", "name city city_name cityName", same(W.city), "The city {v}|{v}|The city of {v}|We visited {v}. It|The town of {v}|I know {v} well. It|The town {v}|The lovely city of {v}"),
    field("integer", "population inhabitants residents people", same(lambda r: r.randint(10, 9000) * r.choice([1, 100, 1000])), "has {v} inhabitants|is home to {v} people|has a population of {v}|counts {v} residents|is inhabited by {v} people|houses {v} people|has grown to {v} inhabitants|gives a home to {v}"),
    field("string", "mayor head_of_city mayorName", same(person), "is run by {v}|has the mayor {v}|is led by {v}|is governed by {v}|elected {v} as its mayor|is headed by {v}|has {v} as mayor|is under mayor {v}"),
    field("integer", "founded founding_year foundingYear", same(lambda r: r.randint(100, 1999)), "was founded in {v}|dates back to {v}|was first built in {v}|has existed since {v}|was set up in the year {v}|goes back to the year {v}|was settled in {v}|got its charter in {v}"),
    field("number", "area size area_km2 square_kilometers", same(amount), "covers {v} square kilometers|has an area of {v}|spreads over {v} square kilometers|measures {v} square kilometers|takes up {v} square kilometers|is {v} square kilometers in size|stretches over {v} square kilometers|occupies {v} square kilometers"),
    field(TERRAINS, "terrain landscape setting", choice(TERRAINS), "lies by the {v}|is built around the {v}|is shaped by the {v}|was laid out along the {v}|is marked by the {v}|has the terrain {v}|looks out over the {v}|is set in the {v}"),
    field(CITY_SEASONS, "best_season season travel_season bestSeason", choice(CITY_SEASONS), "is nicest in {v}|is best in {v}|is most beautiful in {v}|draws its guests in {v}|should be visited in {v}|has its high season in {v}|looks lovely in {v}|is worth a trip in {v}"),
    field("list", "sights attractions landmarks", several(THING), "has sights like {v}|is known for {v}|is famous for {v}|shows its visitors {v}|attracts people with {v}|offers {v}|boasts {v}|has the attractions {v}"),
]
RIVER = [
    field("string", "name river river_name riverName", same(BRAND), "The river {v}|The {v} river|We paddled on the {v}. It|The stream {v}|The {v}|The waterway {v}|The river called {v}|We crossed the {v}. It"),
    field("integer", "length length_km kilometers lengthKm", same(lambda r: r.randint(2, 6000)), "is {v} kilometers long|has a length of {v} kilometers|runs for {v} kilometers|measures {v} km in length|flows for {v} kilometers|covers {v} km|stretches over {v} kilometers|is {v} km in length"),
    field("string", "source source_country rises_in spring_at", same(W.city), "rises near {v}|begins near {v}|has its source at {v}|comes from the hills at {v}|springs up near {v}|starts out at {v}|has its beginnings near {v}|is born close to {v}"),
    field("string", "mouth ends_at mouth_city flows_into", same(W.city), "ends at {v}|flows out at {v}|has its mouth near {v}|reaches the sea at {v}|runs into the sea near {v}|empties near {v}|finds its end at {v}|pours out at {v}"),
    field("number", "width width_m average_width widthMeters", same(lambda r: r.choice([r.randint(2, 900), float(f"{r.randint(1, 900)}.{r.randint(1, 9)}")])), "is {v} meters wide|has a width of {v} meters|measures {v} m from bank to bank|is {v} m across|spreads to a width of {v} meters|reaches {v} meters in width|averages {v} meters in width|has banks {v} meters apart"),
    field(WATERS, "water quality water_quality waterQuality", choice(WATERS), "is {v}|has {v} water|is known for {v} water|looks {v}|is called {v}|carries {v} water|is described as {v}|turned out to be {v}"),
    field(FLOW_SIDES, "direction flow_direction flows_to", choice(FLOW_SIDES), "flows to the {v}|runs to the {v}|goes toward the {v}|heads {v}|winds its way {v}|flows in the direction {v}|has a course to the {v}|turns {v}"),
    field("boolean", "navigable is_navigable ships isNavigable", None, "is navigable / is not navigable|can be used by ships / cannot be used by ships|carries ships / carries no ships|is open to boats / is closed to boats|is deep enough for ships / is too shallow for ships|lets ships pass / does not let ships pass|has boat traffic / has no boat traffic|is used for shipping / is not used for shipping"),
]
MOUNTAIN = [
    field("string", "name mountain peak mountainName", same(BRAND), "Mount {v}|The mountain {v}|The peak {v}|We climbed {v}. It|The summit {v}|The mountain called {v}|I want to climb {v}. It|The peak known as {v}"),
    field("integer", "height elevation height_m heightMeters", same(lambda r: r.randint(200, 8800)), "is {v} meters high|has a height of {v} meters|rises to {v} meters|reaches {v} meters|stands {v} meters tall|towers to {v} meters|measures {v} m from the sea|goes up to {v} meters"),
    field("string", "nearest_town base_town town nearestTown", same(W.city), "lies near {v}|is close to {v}|stands above {v}|can be seen from {v}|is reached from {v}|overlooks the town of {v}|has {v} at its foot|is best reached through {v}"),
    field("date", "first_climbed first_ascent climbed_on firstAscent", day, "was first climbed on {v}|had its first ascent on {v}|was conquered on {v}|saw its first climbers on {v}|was first reached on {v}|has been climbed since {v}|was opened to climbers on {v}|was topped for the first time on {v}"),
    field("string", "first_climber climbed_by pioneer firstClimber", same(person), "was first climbed by {v}|was conquered by {v}|had {v} as its first climber|was first reached by {v}|was topped by {v}|saw {v} as the first on top|is tied to the climber {v}|was climbed by {v} before anyone else"),
    field(ROCKS, "rock stone rock_type rockType", choice(ROCKS), "is made of {v}|consists of {v}|is of {v}|has {v} walls|is a mass of {v}|rests on {v}|is built of {v}|shows {v} on its sides"),
    field(CLIMB_GRADES, "difficulty climb_level grade", choice(CLIMB_GRADES), "is {v}|is {v} to climb|has the climbing level {v}|counts as {v}|is rated {v} by climbers|has {v} paths|is thought of as {v}|has a difficulty of {v}"),
    field("boolean", "snow snow_covered has_snow snowCovered", None, "is covered in snow / is free of snow|has snow on top / has no snow on top|has a snowy peak / has no snowy peak|wears snow all year / is without snow all year|is white with snow / is not white with snow|keeps its snow / has lost its snow|carries snow / carries no snow|lies under snow / does not lie under snow"),
]
GROUPS = {
    "person": PERSON, "order": ORDER, "event": EVENT, "product": PRODUCT, "task": TASK, "book": BOOK, "trip": TRIP, "pet": PET, "item": ITEM,
    "car": CAR, "house": HOUSE, "movie": MOVIE, "restaurant": RESTAURANT, "student": STUDENT, "country": COUNTRY, "company": COMPANY, "song": SONG,
    "game": GAME, "flight": FLIGHT, "patient": PATIENT, "invoice": INVOICE, "plant": PLANT, "recipe": RECIPE_CARD,
    "hotel stay": HOTEL_STAY, "table booking": TABLE_BOOKING, "job advert": JOB_ADVERT, "album": ALBUM, "transfer": TRANSFER,
    "support ticket": SUPPORT_TICKET, "bug": BUG, "weather": WEATHER, "apartment": APARTMENT, "match": MATCH, "school course": SCHOOL_COURSE,
    "exam": EXAM, "appointment": APPOINTMENT, "medicine": MEDICINE, "planet": PLANET, "zoo animal": ZOO_ANIMAL, "exhibit": EXHIBIT, "concert": CONCERT,
    "package": PACKAGE, "computer": COMPUTER, "phone contract": PHONE_CONTRACT, "city": CITY, "river": RIVER, "mountain": MOUNTAIN,
}  # fmt: skip
