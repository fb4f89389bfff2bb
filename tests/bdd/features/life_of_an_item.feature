Feature: The life of an item
  A piece of work goes from pending to done or cancelled, one step at a time,
  and its history says who took each step, and why.

  Background:
    Given these items:
      | item   | title         |
      | WORK-1 | Write it down |

  @positive
  Scenario: From an idea to a finished piece of work
    When Alice starts WORK-1
    And Bob blocks WORK-1 because "the server is down"
    And Alice unblocks WORK-1
    And Alice finishes WORK-1 because "it works"
    Then WORK-1 is done
    And the history of WORK-1 is:
      | by    | what           | from        | to          | reason             |
      | Alice | created        |             |             |                    |
      | Alice | status changed | pending     | in_progress |                    |
      | Bob   | status changed | in_progress | blocked     | the server is down |
      | Alice | status changed | blocked     | in_progress |                    |
      | Alice | status changed | in_progress | done        | it works           |

  @positive
  Scenario Outline: What can be done to an item in <status>
    Given WORK-1 is in status <status>
    When Alice <does> WORK-1
    Then WORK-1 is <result>

    Examples:
      | status      | does     | result      |
      | pending     | starts   | in_progress |
      | pending     | cancels  | cancelled   |
      | in_progress | blocks   | blocked     |
      | in_progress | finishes | done        |
      | in_progress | cancels  | cancelled   |
      | blocked     | unblocks | in_progress |
      | blocked     | cancels  | cancelled   |
      | done        | reopens  | in_progress |

  @negative
  Scenario Outline: What cannot be done to an item in <status>
    Given WORK-1 is in status <status>
    When Alice <does> WORK-1
    Then this is refused: "WORK-1 is <status> and cannot become <target>"
    And WORK-1 is <status>

    Examples:
      | status    | does     | target      |
      | pending   | finishes | done        |
      | pending   | blocks   | blocked     |
      | blocked   | finishes | done        |
      | done      | cancels  | cancelled   |
      | cancelled | starts   | in_progress |
      | cancelled | reopens  | in_progress |

  @positive
  Scenario: Starting what is started already writes nothing
    When Alice starts WORK-1
    And Bob starts WORK-1
    Then nothing was written
    And WORK-1 is in_progress

  @positive
  Scenario: A slip is taken back, and the history shows both
    When Alice cancels WORK-1
    And Alice undoes the last change of WORK-1
    Then WORK-1 is pending
    And the history of WORK-1 is:
      | by    | what             | from      | to        | reason |
      | Alice | created          |           |           |        |
      | Alice | status changed   | pending   | cancelled |        |
      | Alice | status corrected | cancelled | pending   | undone |

  @positive
  Scenario: A deleted item can be brought back
    When Alice deletes WORK-1
    And Bob restores WORK-1
    And Bob starts WORK-1
    Then WORK-1 is in_progress

  @negative
  Scenario: A deleted item takes no further changes
    When Alice deletes WORK-1
    And Bob starts WORK-1
    Then this is refused: "WORK-1 is deleted"

  @positive
  Scenario: Undoing the creation of an item deletes it, and undoing that brings it back
    When Alice undoes the last change of WORK-1
    Then WORK-1 is deleted
    When Alice undoes the last change of WORK-1
    Then WORK-1 is pending
