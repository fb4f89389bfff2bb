Feature: Parents and children
  Large work is divided into smaller work, and the large is done when the small is.

  Background:
    Given these items:
      | item   | type  | title       | parent | status      |
      | WORK-1 | epic  | A new house |        | in_progress |
      | WORK-2 | story | The ground  | WORK-1 | in_progress |
      | WORK-3 | task  | Dig         | WORK-2 | pending     |
      | WORK-4 | task  | Pour        | WORK-2 | pending     |
      | WORK-5 | epic  | The permit  |        | pending     |

  @positive
  Scenario: A parent is done after its children
    Given WORK-3 is in status done
    And WORK-4 is in status cancelled
    When Alice finishes WORK-2
    Then WORK-2 is done

  @negative
  Scenario: A parent with open children is not done
    Given WORK-3 is in status done
    When Alice finishes WORK-2
    Then this is refused: "WORK-2 has open children: WORK-4"

  @positive
  Scenario: A parent with open children is done by force, with a reason
    When Alice forces WORK-2 to be done because "the rest is dropped"
    Then WORK-2 is done
    And the history of WORK-2 ends with a forced step because "the rest is dropped"

  @negative
  Scenario: Force without a reason is not enough
    When Alice forces WORK-2 to be done because ""
    Then this is refused: "reason '': forcing wants a reason"

  @positive
  Scenario: What holds a parent up holds up everything below it
    When Alice lets WORK-1 wait for WORK-5
    Then these items are ready for Alice:
      | item   |
      | WORK-5 |
    When Alice cancels WORK-5
    Then this frees WORK-1, WORK-2, WORK-3, WORK-4
    And these items are ready for Alice:
      | item   |
      | WORK-3 |
      | WORK-4 |

  @positive
  Scenario: A child moves to another parent
    When Alice moves WORK-3 under WORK-5
    And Alice cancels WORK-4
    And Alice finishes WORK-2
    Then WORK-2 is done

  @negative
  Scenario Outline: <item> does not fit under <parent>
    When Alice moves <item> under <parent>
    Then this is refused: "<words>"

    Examples:
      | item   | parent | words                                                   |
      | WORK-1 | WORK-2 | an item of type epic cannot have a parent of type story |
      | WORK-3 | WORK-4 | an item of type task cannot have a parent of type task  |

  @negative
  Scenario Outline: A family cannot wait for itself when <who> waits for <whom>
    When Alice lets <who> wait for <whom>
    Then this is refused: "<words>"

    Examples:
      | who    | whom   | words                                                       |
      | WORK-3 | WORK-2 | these would wait for each other: WORK-3 -> WORK-2 -> WORK-3 |
      | WORK-2 | WORK-3 | these would wait for each other: WORK-2 -> WORK-3 -> WORK-2 |

  @edge
  Scenario: An epic does not stand under itself
    When Alice moves WORK-1 under WORK-1
    Then this is refused: "these would wait for each other: WORK-1 -> WORK-1"
