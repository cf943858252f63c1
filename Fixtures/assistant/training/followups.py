"""Second messages that only mean something after the first: shorter, again, what was asked, and another topic."""

import re

from chat import casual, question, turn
from harmony import mark, unmark
from questions import TOPICS
from runner import options_of
from wordings import choose

SHORTER = options_of(
    """[Make|Can you make|Could you make] it [shorter|a bit shorter|more brief|short]|Shorter, please|[Please |]shorten [it|that|your answer]|In one sentence|
[Say|Explain|Tell me] [it|that] in one sentence|Too long|That is too long|[Give me|I need] a shorter [answer|version]|Summarize [it|that]|Sum it up|In short?|
Can you be briefer?|Be brief|A shorter answer, please|And in short?|Keep it shorter|Make that shorter please|Just one sentence, please|The short version?"""
)
ASKED = options_of(
    """What did I just ask?|What did I [just |]ask [you|before]?|What was my [last |][question|message]?|Repeat my question|[Can|Could] you repeat my question?|
What have I asked[ you|]?|Which question did I ask?|Tell me what I [just |]asked|What did I say?|What was the question?|Do you remember my question?|
What did I just say?|Remind me what I asked|What did I want to know?|What did I write?|[Do you|Can you] [remember|know|say|tell me] what I [asked|said|wrote][| before]?|
[What|Which question] was it that I [asked|wrote][| before]?|What did I [say|write|ask] [just now|a moment ago|last]?|[Say|Read|Write] my [last |][question|message] [again|back to me]|[Copy|Show] my [question|last message|message]"""
)
AGAIN = options_of(
    """[Say|Tell me|Write] that again|[Can|Could] you repeat that?|Again, please|Repeat your [last |]answer|[Please |]repeat [that|it]|Once more|One more time, please|
What did you [just |]say?|Say it again|Pardon?|Come again?|I did not get that|Repeat the answer|[Could|Can] you [say|write|tell me] [that|it] [again|once again|another time]?|
[Please |][say|write|read] [it|that] [once more|another time|again][|, please]|[I missed that|Sorry, what|What was that][.|?] [Say it again|Once more|Again][.|, please]|And again[|, please]"""
)
AND = options_of("And {x}?|What about {x}?|and {x}?|And what is {x}?|How about {x}?|And what about {x}?|What is {x}, then?|And now {x}|Now {x}|OK, and {x}?|And {x}, please")


def said(t):
    """What the assistant answered."""
    return unmark(t.steps[-1][1])


def short(t):
    return re.match(r".*?[.!?](?= |$)", said(t), re.S)[0]


def last_answer(rng, t):
    return t.steps[-1][0] == "final"


def shorter(rng, effort, t):
    return turn(
        "shorter", casual(rng, choose(rng, rng.choice(SHORTER)), 0.8), effort, "The user wants a shorter answer.",
        "The user wants a shorter answer. The first sentence of my last answer says the most.", mark(short(t)),
    )


def asked(rng, effort, t):
    return turn(
        "what was asked", casual(rng, choose(rng, rng.choice(ASKED)), 0.8), effort, "The user asks about the last message.",
        "The user asks what the last message was. I look at it and copy it.", f"You wrote: {mark(t.user)}", weight=1.3,
    )


def again(rng, effort, t):
    return turn(
        "again", casual(rng, choose(rng, rng.choice(AGAIN)), 0.8), effort, "The user wants my last answer again.",
        "The user wants to read my last answer again. I copy it.", mark(said(t)),
    )


def another_topic(rng, effort, t):
    i = rng.choice([i for i, topic in enumerate(TOPICS) if topic.aliases])
    topic = TOPICS[i]
    return turn(
        "question", casual(rng, rng.choice(AND).format(x=rng.choice(topic.aliases)), 0.8), effort, f"The user asks about {topic.name}. I know this.",
        f"The user asks about {topic.name}. The key facts are: {topic.facts}. I will give a short and clear answer.", topic.answer, topic.name,
    )


def follow_up(rng, effort, t, kind=None):
    """A message after the turn `t`, which answered without tools."""
    if t.skill == "question":
        kind = kind or rng.choices([shorter, asked, again, another_topic], [3, 3, 3, 2])[0]
    else:
        kind = kind or rng.choices([asked, again, another_topic], [3, 2, 1])[0]
    return kind(rng, effort, t)


def question_first(rng, effort):
    return question(rng, effort)
