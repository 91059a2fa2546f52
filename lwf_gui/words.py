"""The glossary: every term of the field that the window uses, in one plain sentence. Imports nothing."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "Accuracy": "The part of images that are answered right, in per cent, by the protocol that is named beside it.",
    "Accuracy matrix R": "A table of what is known of each task after each task; row i, column j: accuracy on task j "
    "after task i.",
    "Alpha": "How much LwF's second wish, to answer as before, weighs against the first, to learn the new: 0 is "
    "fine-tuning.",
    "Argmax": "The class with the highest number: the network's answer.",
    "Average accuracy": "The plain mean of the accuracies on all tasks that were learnt so far.",
    "Backbone": "All layers below the last one: they turn an image into features, and all tasks share them.",
    "Backward transfer": "The accuracy on an earlier task now, less that right after it was learnt, in points; below "
    "0 it was forgotten.",
    "Band of seeds": "Where the middle 95 % of runs lie that differ in their seed alone, a thin line at their median; "
    "of a few seeds that is nearly the lowest to the highest.",
    "Batch, mini-batch": "The few images that a step of training looks at.",
    "Bias (for new classes)": "A network that last saw new classes calls most images new; a constant on the new "
    "logits shows how much of what seems forgotten is only this.",
    "Bring it back": "Adding a learner to a run that has ended, of a method that keeps what LwF loses where no task "
    "is told.",
    "Catastrophic forgetting": "What a network knew is lost as it learns something new, because the same weights are "
    "changed for it.",
    "CE, cross-entropy": "How surprised the network is by the right answer, in nats: 0 where it was sure of it.",
    "CKA": "How alike two networks see some images, from 0 to 1: 1 where images that are alike to the one are alike to "
    "the other, all of them.",
    "Class, kind": "What an image shows, as T-shirt or bag: the network has one output for each.",
    "Class-incremental": "An image is shown and nothing is told: the network chooses among all classes that it has "
    "learnt.",
    "Confusion matrix": "A table of counts: in each row the images of one class, in each column what they were taken "
    "for.",
    "Covariance": "How features spread around their mean, and which of them vary together.",
    "Dark knowledge": "What a network's small probabilities tell: which wrong classes it finds more likely than "
    "others.",
    "Distance from the old network": "How far a learner's answers on new images are from the old network's: KL, and "
    "beside losses KL times alpha and T squared.",
    "Distillation, KD": "Teaching a network by another one's answers: not only which class, but how likely each is.",
    "Doubt of the old network": "The entropy of what the old network says, in nats: LwF's loss has it in it, and no "
    "learner can lower it.",
    "Drift": "The features of the same image change as the backbone learns; what was remembered of them is then out "
    "of date.",
    "Entropy, H": "How undecided answers are, in nats: 0 where all belief is in one class.",
    "Epoch": "One pass over all training images of a task.",
    "Exemplar": "An old image that is stored, to be shown again or to stand for its class.",
    "Expansion of the head": "The moment when a new task begins: the last layer gets an output for each new class.",
    "Feature": "One of the numbers that the backbone makes of an image; the head answers from them alone.",
    "Filter": "The weights of one unit of the first layer, as a picture of what it looks for.",
    "Fine-tuning": "Going on to train with the new images alone; nothing keeps the old answers.",
    "Fisher information": "How strongly each weight moves the answers: EWC holds those that move them most.",
    "Forgetting": "The best accuracy that a task ever had after an earlier task, less its accuracy now, in points.",
    "Fork": "From a step that is looked at, a learner goes on with other settings, beside what happened.",
    "Freezing": "Leaving weights as they are while others learn.",
    "Gradient": "Which way, and how steeply, the loss changes with the weights; its length says how hard it pulls.",
    "Head": "The last layer: it turns features into one number, a logit, for each class.",
    "Heat map": "A table whose cells have a colour for their figure: dark is low, light is high.",
    "Interval, 95 %": "Where the mean difference over seeds lies, in 95 of 100 such trials; unlike a band it gets "
    "narrower with more seeds.",
    "KL": "How far the learner's answers are from the teacher's, in nats: 0 where it answers exactly as the teacher.",
    "Layer (fc1, conv1)": "One stage of the network: fc layers join all numbers with all, conv layers look at small "
    "patches.",
    "Learner": "A network that learns the tasks by one method, beside others on the same images in the same order.",
    "Learning rate": "How long a step of training is.",
    "Learning without Forgetting, LwF": "Training on new images alone, while asking the network to answer about the "
    "old classes as it did before (Li & Hoiem 2016).",
    "Logit": "The number that the network gives a class before softmax makes probabilities of all of them.",
    "Loss": "The number that training makes smaller: how wrong the answers are.",
    "Median": "The middle one of several figures: half of them are lower, half higher.",
    "min-ACC": "The mean over the earlier tasks of the lowest accuracy that each had since its training ended; "
    "each task has the same weight, however many images it has.",
    "Momentum": "The part of the last step that is added to the next one: it keeps the way.",
    "Nat": "The unit of information with natural logarithms; ln 2 nats are one bit.",
    "Norm, L2": "The length of many numbers taken as one arrow: the root of the sum of their squares.",
    "Old network": "The network as it was before the new task, frozen; where it teaches a learner it is called the "
    "teacher.",
    "Old, new": "Old are all tasks before the one that is learnt, new is the one that is learnt.",
    "Optimiser": "The rule that makes a step of a gradient: SGD follows it, Adam scales each weight's part.",
    "Paired t-test": "It asks whether the difference between two learners is more than luck, taken seed by seed.",
    "Pareto front": "The settings beside which no other ones are better on the old and on the new task at once.",
    "PCA, principal axes": "The directions in which points lie farthest apart: a plane along the first two shows most "
    "of a cloud of many dimensions.",
    "Pin": "A finished run that stays in the plot and in a table, with a letter, to be compared with others.",
    "Points": "Differences of percentages: from 90 % to 20 % are 70 points.",
    "Precision (fp32, bf16)": "How many digits the network reckons with: bf16 has three and is faster, fp32 seven.",
    "Preset": "A complete set of settings with a name: network, data, tasks, learners and how they train.",
    "Probe": "A look at the network in training, on a few hundred test images; full test sets are counted at the end "
    "of every epoch.",
    "Protocol": "How an image is asked for: told its task (task-aware) or not (class-incremental).",
    "Regularisation": "Tying weights to what they were, the harder the more they mattered: EWC, SI and MAS do it.",
    "Rehearsal, replay": "Storing a few old images, and training on them again among the new ones.",
    "Score": "The number that the network gives a class, its logit; the class with the highest score is the answer.",
    "Seed": "The number that fixes all chance in a run: with the same seed it repeats to the last digit.",
    "Shared part": "Plain words for the backbone: the layers that all old and new answers stand on.",
    "Soft targets": "What the teacher answers, class by class: LwF copies these, not a single right answer.",
    "Softmax": "It makes probabilities, which add up to 1, of the logits.",
    "Stability gap": "Where a new task begins, the old one falls for some steps and comes back, also with methods "
    "that forget little.",
    "Statistics of features": "Means and covariances of what the backbone makes of images: a head can be made of "
    "them, without one stored image.",
    "Step": "One change of the weights, after one mini-batch.",
    "Stored": "What a method keeps beside the network for later tasks: images, statistics, or copies of weights.",
    "Straight path": "The networks between two others: each weight is a part of the one's, and the rest the other's.",
    "Student": "The network that is trained; the teacher is the one whose answers it is asked to keep.",
    "Sweep": "Many runs of one recipe that differ in a few settings, in every combination, and in their seeds.",
    "Task": "Some of the classes, learnt together, after those of the tasks before.",
    "Task-aware": "An image is shown and its task is told: the network chooses among that task's classes alone.",
    "Teacher": "The old network, frozen as it was before the new task; LwF asks the learner to answer as it does.",
    "Temperature T": "It softens answers: at 1 they are as they are, above it small probabilities count for more.",
    "Thread": "A part of the program that works beside others, one to a core of the processor.",
    "Trade-off": "What is won on the new task against what is lost on the old one.",
    "Training, test images": "The network learns from training images; what it knows is counted on test images that "
    "it never trained on.",
    "Unit": "One output of a layer: it weighs all that comes in, and sends on the sum.",
    "Warm-up": "Training the new outputs alone at first, with the backbone frozen.",
    "Weight": "One of the numbers that a network consists of, and that training changes.",
    "Weight averaging": "One network is made of two: each of its weights is half of the one's and half of the other's, "
    "or another mixture.",
    "Weight decay": "Drawing all weights a little towards zero at each step.",
    "Worst-case accuracy, WC-ACC": "The current task's accuracy now and the earlier tasks' min-ACC, each task with "
    "the same weight.",
}
"""A sentence by term; in the order of the alphabet."""
