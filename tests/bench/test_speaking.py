"""Speaking: as much as a window allows, or what is due."""

from chat.bench.speaking import Pace, Speaker
from chat.bench.speech import IRC, words
from tests.bench.people import FakeCrowd, FakePerson


def line(number: int, at: int, who: int = 4) -> bytes:
    return b"PRIVMSG #r0 :%b\r\n" % words(who, number, at)


def test_a_speaker_says_what_the_window_allows() -> None:
    person = FakePerson()
    speaker = Speaker(person, 4, 0, IRC)
    speaker.fill(3, 0, at=1.5)
    assert person.sent == [b"".join(line(n, 1_500_000) for n in range(3))]
    speaker.fill(3, 0, at=1.6)
    assert len(person.sent) == 1
    speaker.fill(3, 2, at=1.7)
    assert person.sent[1] == line(3, 1_700_000) + line(4, 1_700_000)
    assert speaker.said == 5


def test_what_is_due_is_said_in_turn_with_the_time_when_it_was() -> None:
    crowd, people = FakeCrowd(), [FakePerson(), FakePerson()]
    speakers = [Speaker(each, n, 0, IRC) for n, each in enumerate(people, start=4)]
    pace = Pace(crowd, speakers, 0.5)
    pace.begin(0.25)
    assert people[0].sent == []
    # Somebody has kept us for two seconds.
    crowd.goes_to(2.0)
    assert people[0].sent == [line(0, 250_000), line(1, 1_250_000)]
    assert people[1].sent == [line(0, 750_000, 5), line(1, 1_750_000, 5)]
    pace.end()
    crowd.goes_to(4.0)
    assert [each.said for each in speakers] == [2, 2]
