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
    field("list", "tags parts ingredients", several(THING), "is made of {v}|contains {v}|comes with {v}|includes {v}|consists of {v}|has {v} in it|is built from {v}|is delivered with {v}"),
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
    field("number", "budget price", same(amount), "for at most {v} dollars|with a budget of {v}|for no more than {v} euros|spending up to {v}|at a cost of {v}|with {v} dollars to spend|on a budget of {v} euros"),
]
PET = [
    field("string", "name pet", same(W.name), "{v}|My pet {v}|Our pet {v}|The animal is called {v}. It|The little {v}|Our dear {v}|The pet {v}|My pet called {v}|An animal named {v}"),
    field(KINDS, "animal species kind", same(lambda r: r.choice(KINDS)), "is a {v}|belongs to the species {v}|was sold as a {v}|is our {v}|is known to be a {v}|was born as a {v}"),
    field("integer", "age years", same(lambda r: r.randint(1, 25)), "is {v} years old|has lived for {v} years|has reached the age of {v}|is {v} years of age|has an age of {v} years|has turned {v}|was born {v} years ago"),
    field("string", "color", same(COLORS), "is {v}|has the color {v}|looks {v}|is {v} in color|is all {v}|is of the color {v}|shines in {v}"),
    field("number", "weight kilograms", same(amount), "weighs {v} kilograms|has {v} kg|comes to {v} kilograms|has a weight of {v} kg|is {v} kilograms heavy|brings {v} kg to the scale|was weighed at {v} kilograms"),
    field("string", "owner", same(person), "belongs to {v}|lives with {v}|is owned by {v}|is kept by {v}|has the owner {v}|stays with {v}|is cared for by {v}"),
    field("boolean", "vaccinated is_vaccinated", None, "is vaccinated / is not vaccinated|has been vaccinated / has not been vaccinated|has had the vaccine / has not had the vaccine|was vaccinated / was not vaccinated|got the shots / did not get the shots|is protected by a vaccine / is not protected by a vaccine"),
    field("list", "food toys likes", several(THING), "likes {v}|eats {v}|plays with {v}|is fond of {v}|is happy with {v}|loves {v}|enjoys {v}|always wants {v}"),
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
    field("integer", "tables table_count seating", same(lambda r: r.randint(3, 90)), "has {v} tables|offers {v} tables|is set up with {v} tables|owns {v} tables"),
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
GROUPS = {
    "person": PERSON, "order": ORDER, "event": EVENT, "product": PRODUCT, "task": TASK, "book": BOOK, "trip": TRIP, "pet": PET, "item": ITEM,
    "car": CAR, "house": HOUSE, "movie": MOVIE, "restaurant": RESTAURANT, "student": STUDENT, "country": COUNTRY, "company": COMPANY, "song": SONG,
    "game": GAME, "flight": FLIGHT, "patient": PATIENT, "invoice": INVOICE, "plant": PLANT, "recipe": RECIPE_CARD,
}  # fmt: skip
