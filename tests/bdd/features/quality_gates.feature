Feature: Quality gates
  A team may say what the tests of an item must show before it is done.
  Without such a rule nothing is asked for.

  Background:
    Given these items:
      | item   | type  | title          | status      |
      | WORK-1 | task  | Write it down  | in_progress |
      | WORK-2 | bug   | Mend it        | in_progress |
      | WORK-3 | spike | Find out about | in_progress |

  @positive
  Scenario: Gates are off until they are configured
    When Alice finishes WORK-1
    Then WORK-1 is done

  @positive
  Scenario Outline: <level> is met
    Given every item must meet <level>
    And the tests of WORK-1 show:
      | coverage   | positive | negative | edge |
      | <coverage> | 5        | 3        | 1    |
    When Alice finishes WORK-1
    Then WORK-1 is done

    Examples:
      | level | coverage |
      | L0    | 0        |
      | L1    | 80       |
      | L2    | 90       |

  @negative
  Scenario: What is missing is told, all of it
    Given every item must meet L2
    And the tests of WORK-1 show:
      | coverage | positive | negative | edge |
      | 85.5     | 5        | 0        | 0    |
    When Alice finishes WORK-1
    Then this is refused, for these reasons:
      | reason                                   |
      | no negative tests                        |
      | no edge tests                            |
      | coverage 85.5 % is 4.5 points under 90 % |
    And WORK-1 is in_progress

  @positive
  Scenario: A spike needs no tests
    Given every item must meet L2
    When Alice finishes WORK-3
    Then WORK-3 is done

  @negative
  Scenario: One type may have a gate of its own
    Given items of type bug must meet L1
    When Alice finishes WORK-1
    And Alice finishes WORK-2
    Then this is refused, for these reasons:
      | reason                            |
      | no positive tests                 |
      | no negative tests                 |
      | no coverage recorded, 80 % needed |
    And WORK-1 is done

  @positive
  Scenario: A gate yields to force with a reason, and the history keeps it
    Given every item must meet L2
    When Alice forces WORK-1 to be done because "the fair is tomorrow"
    Then WORK-1 is done
    And the history of WORK-1 ends with a forced step because "the fair is tomorrow"

  @edge
  Scenario: A hair's breadth under the threshold is under it
    Given every item must meet L1
    And the tests of WORK-1 show:
      | coverage | positive | negative | edge |
      | 79.999   | 5        | 3        | 0    |
    When Alice finishes WORK-1
    Then this is refused, for these reasons:
      | reason                                      |
      | coverage 79.999 % is 0.01 points under 80 % |
