"""Regime: which stage is it, and is the follow a risk asset or a hedge?"""

from analytics.topics.regime import blocks as made
from pages.shell import identity, parts, show, stages, triggers
from pages.shell.frame import open_page

page = open_page("regime")
with show.place("The regime"):
    with show.working("Calling the stage of every day…"):
        identity.reading(page)
    left, right = parts.two()
    with left, show.place("The stages under the pair"):
        show.chart(page, page.block(made.ribbon))
    with right, show.place("Beta when equities fall hardest"):
        show.chart(page, page.block(made.betas))
    left, right = parts.two()
    with left, show.place("What the rule sees"):
        show.exhibit(page, page.block(made.inputs))
        stages.rule()
    with right, show.place("A risk asset in stress?"):
        identity.verdict(page)
    with show.place("The day of the article"):
        stages.article(page)
    with show.place("Returns by stage"):
        stages.returns(page)
    with show.place("All spells"):
        stages.spells(page)
    stages.markov(page)
    with show.place("Nasdaq or gold?"):
        identity.nasdaq_or_gold(page)
    left, right = parts.two()
    with left, show.place("When stress strikes"):
        show.exhibit(page, *page.block(made.shocks))
    with right, show.place("Does its range narrow?"):
        show.exhibit(page, *page.block(made.ranges))
    left, right = parts.two()
    with left, show.place("Not yet in the price?"):
        identity.gap(page)
    with right:
        stages.outcomes(page)
with show.place("The dollar weakens for months"):
    triggers.picture(page, "dollar")
